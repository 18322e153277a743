import Synchronization

/// Notes what a draft looks at and changes: whether that is what is locked for it, and whether others changed it meanwhile.
final class DraftWatch: Sendable {
    /// A value that was looked up in one of a type's indexes.
    private struct Lookup: Hashable, Sendable {
        let index: Int
        let value: ByteString
    }

    /// What was looked at, for each type of the catalog.
    private struct Seen: Sendable {
        /// Whether all of its objects count as seen.
        var types: [Bool]
        var keys: [Set<ByteString>]
        var lookups: [Set<Lookup>]
    }

    private let set: LockSet
    private let catalog: Catalog
    private let isBeside: Bool
    private let exceeded = Atomic(false)
    private let seen: Mutex<Seen>
    private let changed = Mutex<Set<TypeName>>([])

    /// A watch over a draft of a state of `catalog`, for which `set` is locked.
    ///
    /// - Parameter isBeside: whether others can commit while it goes on, so that what it looks at counts.
    init(_ set: LockSet, _ catalog: Catalog, isBeside: Bool) {
        (self.set, self.catalog, self.isBeside) = (set, catalog, isBeside)
        let count = isBeside ? catalog.types.count : 0
        seen = Mutex(
            Seen(
                // What it is about counts as a whole: nobody changes that, but those that change more than they declare.
                types: isBeside ? catalog.types.map { set.named.contains($0.typeName) } : [],
                keys: .init(repeating: [], count: count), lookups: .init(repeating: [], count: count)))
    }

    /// Whether anything was touched that is not locked.
    var isExceeded: Bool { exceeded.load(ordering: .relaxed) }

    /// The types whose objects were changed; `contents` for content packs.
    var changedTypes: Set<TypeName> { changed.withLock { $0 } }

    /// Notes that any object of the type at a position of the catalog is looked at.
    func read(_ position: Int) { read(position) { $0.types[position] = true } }

    /// Notes that one object is looked at, or looked for.
    func read(_ position: Int, key: ByteString) { read(position) { $0.keys[position].insert(key) } }

    /// Notes that the rows are looked at that an index of a type has under a value.
    func read(_ position: Int, index: Int, value: ByteString) {
        read(position) { $0.lookups[position].insert(Lookup(index: index, value: value)) }
    }

    private func read(_ position: Int, _ note: (inout Seen) -> Void) {
        if !set.mayRead(catalog.types[position].typeName) { exceeded.store(true, ordering: .relaxed) }
        guard isBeside else { return }
        seen.withLock { if !$0.types[position] { note(&$0) } }
    }

    /// Notes that objects of a type, or content packs, are changed.
    func write(_ typeName: TypeName) {
        if !set.mayWrite(typeName) { exceeded.store(true, ordering: .relaxed) }
        _ = changed.withLock { $0.insert(typeName) }
    }

    /// Whether a draft can not be put after commits that were made beside it: they changed what it looked at, or types that it
    /// changes, too.
    func isOvertaken(by records: [CommitRecord]) -> Bool {
        let changedTypes = changedTypes
        return seen.withLock { seen in
            records.contains { record in
                guard record.packs.isEmpty else { return true }
                return record.changes.contains { change in
                    changedTypes.contains(change.id.typeName) || Self.isSeen(change, seen, catalog)
                }
            }
        }
    }

    private static func isSeen(_ change: ObjectChange, _ seen: Seen, _ catalog: Catalog) -> Bool {
        guard let position = catalog.position(change.id.typeName) else { return true }
        if seen.types[position] || seen.keys[position].contains(change.id.key) { return true }
        let lookups = seen.lookups[position]
        guard !lookups.isEmpty else { return false }
        let plan = catalog.types[position].indexPlan
        return [change.before, change.after].compactMap { $0 }.contains { object in
            plan.values(in: object.document).enumerated().contains { index, values in
                values.contains { lookups.contains(Lookup(index: index, value: $0)) }
            }
        }
    }
}
