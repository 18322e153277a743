/// Finds the intervals of objects by resource and by time. A value: a copy is O(1), and never changes under its reader.
struct IntervalIndex: Sendable {
    /// The intervals of each resource that has any.
    private(set) var resources = OrderedMap<OrderedTree<IntervalEntry>>()
    /// The number of intervals, each as often as it has resources.
    private(set) var count = 0

    /// An index of nothing.
    init() {}

    /// The intervals of `resource`.
    subscript(resource: ByteString) -> OrderedTree<IntervalEntry> { resources[resource] ?? OrderedTree() }

    /// Lists the object of `key` under the interval `after` instead of `before`; O(log n) for each resource.
    mutating func move(_ key: ByteString, from before: ObjectInterval?, to after: ObjectInterval?) {
        if before == after { return }
        if let before { for resource in before.resources { remove(before, of: key, from: resource) } }
        if let after { for resource in after.resources { insert(after, of: key, into: resource) } }
    }

    private mutating func insert(_ interval: ObjectInterval, of key: ByteString, into resource: ByteString) {
        let entry = IntervalEntry(start: interval.start, end: interval.end, object: key)
        let replaced: Void? = resources.modify(resource, default: OrderedTree()) { tree in
            tree.upsert(entry.key) {
                $0 = entry
            } make: {
                entry
            }
        }
        if replaced == nil { count += 1 }
    }

    private mutating func remove(_ interval: ObjectInterval, of key: ByteString, from resource: ByteString) {
        let (removed, isEmpty) = resources.modify(resource, default: OrderedTree()) { tree in
            (tree.remove(IntervalEntry.key(start: interval.start, object: key)), tree.count == 0)
        }
        if removed != nil { count -= 1 }
        if isEmpty { resources.removeValue(forKey: resource) }
    }
}

/// Builds an interval index over many objects at once.
struct IntervalIndexBuilder: Sendable {
    private let declaration: IntervalDeclaration
    private var entries: [ByteString: [IntervalEntry]] = [:]

    /// A builder of the index that `declaration` describes.
    init(_ declaration: IntervalDeclaration) { self.declaration = declaration }

    /// Takes in an object, in any order.
    mutating func add(_ object: StoredObject) {
        guard let interval = declaration.read(object.document).interval else { return }
        let entry = IntervalEntry(start: interval.start, end: interval.end, object: object.key)
        for resource in interval.resources { entries[resource, default: []].append(entry) }
    }

    /// The index of all that came.
    consuming func build() -> IntervalIndex {
        let sorted = entries.sorted { $0.key < $1.key }
        return IntervalIndex(sorted.lazy.map { ($0.key, $0.value.sorted { $0.key < $1.key }) })
    }
}

extension IntervalIndex {
    /// The index of the intervals of resources in ascending order, each in the order of a tree.
    fileprivate init(_ sorted: some Sequence<(resource: ByteString, entries: [IntervalEntry])>) {
        var (trees, count) = ([(ByteString, OrderedTree<IntervalEntry>)](), 0)
        for (resource, entries) in sorted {
            trees.append((resource, OrderedTree(sorted: entries)))
            count += entries.count
        }
        resources = OrderedMap(sorted: trees)
        self.count = count
    }
}
