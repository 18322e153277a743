import CMemory

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

    /// Has the keys of rows fetched, which `key` then finds at once.
    ///
    /// To hold a key waits for its memory, and while it waits nothing else is fetched: so one asks for many before.
    func prefetchKeys(of rows: some Sequence<UInt32>) {
        for row in rows { prefetch(entries.entry(at: Int(row))) }
        for row in rows {
            ByteString.withUnretained(ObjectEntry.key(of: entries.entry(at: Int(row)))) { prefetch($0.address) }
        }
    }

    /// How many keys are worth asking for at once.
    static let prefetchLength = 64

    /// The keys of rows in ascending order.
    func keys(of rows: [UInt32]) -> OrderedSet {
        var keys = OrderedTreeBuilder<ByteString>()
        for start in stride(from: 0, to: rows.count, by: Self.prefetchLength) {
            let block = rows[start...].prefix(Self.prefetchLength)
            prefetchKeys(of: block)
            for row in block { keys.append(key(row)) }
        }
        return OrderedSet(keys.tree())
    }
}
