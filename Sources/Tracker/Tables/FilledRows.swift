import CMalloc

/// The rows of a table that is being filled, which have numbers in the order of their keys.
struct FilledRows: Sendable {
    private var entries = OrderedTreeBuilder<ObjectEntry>()

    /// The number of rows.
    var count: Int { entries.count }

    /// Takes in the next rows.
    mutating func append(_ run: consuming OrderedTreeBuilder<ObjectEntry>) { entries.append(contentsOf: run) }

    /// All rows.
    func objects() -> ObjectMap { ObjectMap(entries.tree()) }

    /// The key of a row.
    func key(_ row: UInt32) -> ByteString { entries.entry(at: Int(row)).pointee.value.key }

    /// Calls `body` with the keys of rows, in the order given.
    ///
    /// Holding a key waits for its memory, and while it waits nothing else is fetched. So a block of keys is asked for
    /// before the first of them is held.
    func forEachKey(of rows: some RandomAccessCollection<UInt32>, _ body: (ByteString) -> Void) {
        var rest = rows[...]
        while !rest.isEmpty {
            let block = rest.prefix(Self.blockLength)
            for row in block {
                ByteString.withUnretained(ObjectEntry.key(of: entries.entry(at: Int(row)))) { prefetch($0.address) }
            }
            for row in block { body(key(row)) }
            rest = rest.dropFirst(Self.blockLength)
        }
    }

    /// How many keys are asked for at once.
    static let blockLength = 64

    /// The keys of rows in ascending order.
    func keys(of rows: [UInt32]) -> OrderedSet {
        var keys = OrderedTreeBuilder<ByteString>()
        forEachKey(of: rows) { keys.append($0) }
        return OrderedSet(keys.tree())
    }
}
