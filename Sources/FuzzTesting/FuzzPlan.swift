import Glibc

/// How this process fuzzes, from the environment that `Scripts/fuzz` sets; without it, a little of everything.
struct FuzzPlan: Sendable {
    /// What random choices begin with.
    let seed: UInt64
    /// How long each fuzzer runs; nil for as many rounds as it says itself.
    let duration: Duration?
    /// How many inputs each fuzzer tries; nil for as many as it says itself.
    let rounds: Int?
    /// The one fuzzer that runs; nil for all.
    private let name: String?
    /// The folder in which each fuzzer leaves the input that it is trying.
    private let folder: String?
    /// The file of the one input to try.
    private let replayedFile: String?

    static let current = FuzzPlan()

    private init() {
        seed = Self.variable("MUSTER_FUZZ_SEED").flatMap { UInt64($0) } ?? 1
        duration = Self.variable("MUSTER_FUZZ_MILLISECONDS").flatMap { Int64($0) }.map { .milliseconds($0) }
        rounds = Self.variable("MUSTER_FUZZ_INPUTS").flatMap { Int($0) }
        name = Self.variable("MUSTER_FUZZ_NAME")
        folder = Self.variable("MUSTER_FUZZ_FOLDER")
        replayedFile = Self.variable("MUSTER_FUZZ_INPUT")
    }

    private static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// Whether the fuzzer of that name is to run: of an input to replay, the name is that of the file.
    func isMeant(_ name: String) -> Bool {
        if let meant = self.name, meant != name { return false }
        guard let replayedFile else { return true }
        let file = replayedFile.split(separator: "/").last.map(String.init) ?? ""
        return file == name || file.hasPrefix(name + ".") || replayedFile.hasSuffix("/\(name)/\(file)")
    }

    /// The one input to try.
    var replayed: [UInt8]? { replayedFile.flatMap { Corpus.bytes(of: $0) } }

    /// Where the fuzzer of that name leaves its inputs; nil if nowhere.
    func note(of name: String) throws -> FuzzNote? { try folder.map { try FuzzNote("\($0)/\(name).input") } }
}

/// A file that holds the input that is being tried, so that it is there when the process has ended.
final class FuzzNote: Sendable {
    private let descriptor: Int32

    init(_ path: String) throws {
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FuzzFailure(description: "\(path) cannot be written") }
    }

    deinit { close(descriptor) }

    func write(_ input: [UInt8]) {
        _ = ftruncate(descriptor, 0)
        _ = pwrite(descriptor, input, input.count, 0)
    }
}
