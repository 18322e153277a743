public import Store
import Synchronization

/// A rule of `KeyValueStore`, with the means to see whether a kind of store keeps it.
public struct StoreCase: Sendable, CustomStringConvertible {
    /// What a kind of store may have or lack.
    public enum Ability: Sendable, CaseIterable {
        /// What was written is there after the store was closed and opened again.
        case durable
        /// One opener at a time, and files that can be found damaged.
        case files
        /// It can be opened for reading only by its locator.
        case locators
    }

    /// The rule, as a sentence.
    public let name: String
    /// What a store must have for the rule to mean anything.
    public let needs: Set<Ability>

    private let body: @Sendable (StoreTrial) throws -> Void

    init(_ name: String, needs: Set<Ability> = [], _ body: @escaping @Sendable (StoreTrial) throws -> Void) {
        (self.name, self.needs, self.body) = (name, needs, body)
    }

    /// The rule.
    public var description: String { name }

    /// Checks the rule with new stores of a kind.
    ///
    /// - Throws: `Violation` naming the rule, or the error of a call that should have worked.
    public func check(_ subject: StoreSubject) throws {
        let trial = StoreTrial(subject)
        do {
            try body(trial)
        } catch let error as KeyValueStoreContract.Violation {
            throw KeyValueStoreContract.Violation(description: "\(subject): \(name): \(error)")
        }
        trial.closeAll()
    }
}

/// A kind of store that is to keep the contract.
public struct StoreSubject: Sendable, CustomStringConvertible {
    /// Opens the store of a locator, whose path is relative to a folder.
    public typealias Opening =
        @Sendable (_ locator: StoreLocator, _ folder: String) throws(StoreError) -> any KeyValueStore
    /// Does something to the files of a closed store.
    public typealias Change = @Sendable (_ path: String) throws -> Void

    /// What to call it.
    public let description: String
    /// What it has.
    public let abilities: Set<StoreCase.Ability>
    /// The file, below the store's path, that it cannot do without; empty if the path is that file.
    public let mainFile: String

    let scheme: String
    let options: String
    let open: Opening
    let makeNewer: Change?

    /// A kind of store.
    ///
    /// - Parameters:
    ///   - name: what to call it.
    ///   - scheme: of its locators.
    ///   - options: of its locators, as `mapsize=1M`.
    ///   - abilities: what it has.
    ///   - mainFile: the file that it cannot do without.
    ///   - makeNewer: makes a closed store one of a later format.
    ///   - open: opens a store.
    public init(
        _ name: String, scheme: String, options: String = "",
        abilities: Set<StoreCase.Ability> = Set(StoreCase.Ability.allCases), mainFile: String = "",
        makeNewer: Change? = nil,
        open: @escaping Opening = { (locator, folder) throws(StoreError) in try locator.open(relativeTo: folder) }
    ) {
        (description, self.scheme, self.options, self.abilities) = (name, scheme, options, abilities)
        (self.mainFile, self.makeNewer, self.open) = (mainFile, makeNewer, open)
    }
}

/// A folder with stores of one kind, which go when the trial is over.
public final class StoreTrial: Sendable {
    /// The kind.
    let subject: StoreSubject
    private let folder = TemporaryDirectory()
    private let state = Mutex((count: 0, opened: [any KeyValueStore]()))

    init(_ subject: StoreSubject) { self.subject = subject }

    /// Opens a new and empty store.
    func open() throws(StoreError) -> any KeyValueStore { try open(newName()) }

    /// A name that no store has yet.
    func newName() -> String {
        state.withLock { state in
            state.count += 1
            return "store\(state.count)"
        }
    }

    /// Opens the store of a name, which may be there or not.
    func open(_ name: String, _ options: String = "") throws(StoreError) -> any KeyValueStore {
        let store = try subject.open(try locator(name, options), folder.path)
        state.withLock { $0.opened.append(store) }
        return store
    }

    /// The locator of a name.
    func locator(_ name: String, _ options: String = "") throws(StoreError) -> StoreLocator {
        let all = [subject.options, options].filter { !$0.isEmpty }.joined(separator: "&")
        let path = subject.abilities.contains(.files) ? name : ""
        return try StoreLocator("\(subject.scheme):\(path)" + (all.isEmpty ? "" : "?\(all)"))
    }

    /// Closes a store and opens it anew.
    func reopen(_ store: any KeyValueStore) throws(StoreError) -> any KeyValueStore {
        try store.close()
        let again = try subject.open(store.locator, folder.path)
        state.withLock { $0.opened.append(again) }
        return again
    }

    /// Where the files of a store are.
    func path(_ name: String) -> String { "\(folder.path)/\(name)" }

    /// The file that a store cannot do without.
    func mainFile(_ name: String) -> String {
        subject.mainFile.isEmpty ? path(name) : "\(path(name))/\(subject.mainFile)"
    }

    /// Closes what is open yet, so that the files can go.
    func closeAll() {
        for store in state.withLock({ $0.opened }) { try? store.close() }
    }
}
