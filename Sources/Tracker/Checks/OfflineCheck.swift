import Basics
public import JSON
import Logging
public import Store

/// A store that nobody serves, compared with what a server would make of it. Nothing is written.
public struct OfflineCheck: Sendable {
    private let tracker: DataTracker

    /// What a start would change, because content packs are not what they were when the store was last used; no defect.
    public let pending: Set<ObjectID>

    /// Loads what `store` holds; nil if it is empty.
    ///
    /// - Parameters:
    ///   - store: opened by nobody else; for reading is enough.
    ///   - catalog: the object types.
    ///   - writable: the writable layer's `meta`.
    ///   - packs: layers that do not live in the store: basic, default, local.
    ///   - tell: told of what cannot be read, and of packs that cannot be used.
    /// - Throws: `StoreError` when the store cannot be read, or holds so much that has no known form that there is no state
    ///   to compare it with; `tell` has then been told of all of it.
    public init?(
        _ store: any KeyValueStore, catalog: Catalog, writable: JSONObject, packs: [Layer],
        _ tell: (CheckEvent) -> Void
    ) throws(StoreError) {
        try StoreLayout.checkFinished(store)
        guard let storeID = try store.value(.metadata, key: StoreLayout.storeIDKey) else { return nil }
        let unreadable = try StoreCheck.unreadable(in: store, catalog.layers, tell)
        guard unreadable.isEmpty else {
            for problem in unreadable { tell(.difference(problem)) }
            throw StoreError(.corrupt, "\(unreadable.count) entries of \(store.locator) cannot be read")
        }
        let logger = Logger(label: "check") { _ in SwiftLogNoOpLogHandler() }
        let loader = Loader(
            store: store, catalog: catalog, writable: writable, packs: packs, environment: Environment(),
            logger: logger, epochs: Epochs(recorded: try Epochs.recorded(in: store)))
        let (loaded, problems, pending) = try loader.examine()
        for problem in problems {
            for message in problem.messages { tell(.difference("content pack \(problem.pack): \(message)")) }
        }
        self.pending = pending
        let state = LoadedState(snapshot: loaded, storeID: String(decoding: storeID, as: UTF8.self))
        tracker = try DataTracker(state, store: store, environment: Environment(), logger: logger) {
            _ throws(StoreError) in try loader.examine().snapshot
        }
    }

    /// Compares all that is kept in more than one form.
    ///
    /// - Parameter tell: told of all differences, and of progress.
    /// - Throws: `unavailable` when the store cannot be read.
    public func check(_ tell: @escaping @Sendable (CheckEvent) -> Void) async throws(TrackerError) -> CheckReport {
        try await tracker.check(naming: .max, sparing: pending, tell)
    }
}

extension Loader {
    /// What the store and the packs hold, without making up for what packs changed since.
    ///
    /// - Returns: also what is wrong with packs, and what a start would change.
    func examine() throws(StoreError) -> (snapshot: Snapshot, problems: [PackProblem], pending: Set<ObjectID>) {
        let (state, stored) = try written()
        let (draft, problems) = stacked(packs + stored, over: state)
        var snapshot = draft.view
        snapshot.revision = state.revision
        var pending: Set<ObjectID> = []
        let known = try packObjects()
        for change in draft.changeList.changes {
            guard let after = change.after, after.layer != .writable else {
                if change.before?.document != change.after?.document { pending.insert(change.id) }
                continue
            }
            if known[change.id]?.document != after.document { pending.insert(change.id) }
        }
        pending.formUnion(known.keys.filter { snapshot[$0]?.isFromPack != true })
        for pack in stored where snapshot.stack[pack.name].map({ $0.objects != pack.objects }) ?? false {
            pending.insert(StoreLayout.packID(pack.name))
        }
        return (snapshot, problems, pending)
    }
}

extension StoreCheck {
    /// The entries of a store that no state can be made of, each with what is wrong.
    static func unreadable(
        in store: any KeyValueStore, _ layers: LayerConventions, _ tell: (CheckEvent) -> Void
    ) throws(StoreError) -> [String] {
        var (problems, done) = ([String](), 0)
        try store.scan(.data) { key, value in
            done += 1
            if done % 10_000 == 0 { tell(.progress("entries of the store read", done: done, of: done)) }
            guard let id = StoreLayout.id(ofKey: key) else {
                problems.append("a key of \(key.count) bytes has no known form")
                return true
            }
            let isPack = id.typeName == StoreLayout.packSection
            let text = UnsafeRawBufferPointer(rebasing: isPack ? value[...] : value.dropFirst(8))
            let isJSON = JSONDocument.isCanonical(text) || (try? JSONValue(parsing: text)) != nil
            if value.count < 8 || !isJSON {
                problems.append("\(id) in the store is no JSON")
            } else if isPack, Layer(encoded: Array(text), layers) == nil {
                problems.append("the content pack \(id.key) in the store has no known form")
            }
            return true
        }
        return problems
    }
}
