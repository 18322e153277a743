import Basics
import Client
public import Content
public import Store
public import Tracker

/// What commands about packs need of the program that has them, which knows the object types.
public struct PackTools: Sendable {
    /// Finds what a server without other packs would say of an upload: what it refuses, and what it only warns of.
    public typealias Examination = @Sendable (_ layer: Layer) async -> (problems: [String], warnings: [String])

    /// Compares all that a store, which nobody serves, keeps in more than one form.
    public typealias Checking =
        @Sendable (_ store: any KeyValueStore, _ tell: @escaping @Sendable (CheckEvent) -> Void) async ->
        Result<CheckReport, StoreError>

    /// Reads packs.
    let reader: ContentPacks
    /// Checks packs.
    let examine: Examination
    /// Checks stores.
    let check: Checking

    /// Tools that read by `reader`'s types.
    public init(reader: ContentPacks, examine: @escaping Examination, check: @escaping Checking) {
        (self.reader, self.examine, self.check) = (reader, examine, check)
    }

    /// The tools of the command that runs.
    static var current: PackTools {
        guard let program = CommandProgram.current else {
            preconditionFailure("the program has commands for packs, and nothing that reads them")
        }
        return program.packs()
    }

    /// What is wrong with a pack, and what is odd about it.
    ///
    /// - Throws: `ClientError` of kind `usage` if the pack's folder cannot be read.
    static func findings(
        on pack: PackSource
    ) async throws(ClientError) -> (problems: [String], warnings: [String]) {
        let tools = current
        let layer: Layer
        do throws(TrackerError) {
            layer = try tools.reader.layer(from: pack.content, over: nil)
        } catch {
            return (error.messages, pack.warnings)
        }
        let (problems, warnings) = await tools.examine(layer)
        let passedOver = try await BlockingPool.shared.run { () throws(ClientError) in
            try PackLint(pack, tools.reader.catalog).warnings()
        }
        return (problems, pack.warnings + passedOver + warnings)
    }
}
