/// The values of an index and their rows, while they are put together in the order of values.
struct IndexListing {
    private let table: FilledRows
    private var entries = OrderedTreeBuilder<KeyedValue<Postings>>()
    /// How many rows are listed, each as often as it has values.
    private(set) var rowCount = 0
    /// The keys of all rows, once a value has turned out to have them all. What several values share is built once.
    private var all: OrderedSet?

    /// A listing of nothing.
    init(_ table: FilledRows) { self.table = table }

    /// The values with their rows.
    consuming func tree() -> OrderedTree<KeyedValue<Postings>> { entries.tree() }

    /// Lists a value with its rows.
    mutating func append(_ value: ByteString, _ rows: RowRanges) {
        guard rows.count == table.count else { return append(value, Postings(table.keys(of: rows.rows))) }
        let keys = all ?? table.keys(of: rows.rows)
        all = keys
        append(value, Postings(keys))
    }

    /// Lists all scattered values, which are sorted.
    mutating func append(_ scattered: ScatteredValues) {
        var (next, keys): (Int, [ByteString]) = (0, [])
        while next < scattered.count {
            let block = next..<scattered.group(from: min(next + FilledRows.blockLength, scattered.count) - 1).upperBound
            keys.removeAll(keepingCapacity: true)
            table.forEachKey(of: scattered.rows(block)) { keys.append($0) }
            while next < block.upperBound {
                let group = scattered.group(from: next)
                append(scattered.value(at: next), Self.postings(keys[(next - block.lowerBound)...].prefix(group.count)))
                next = group.upperBound
            }
        }
    }

    /// The rows of `keys`, of which some may come twice, one after the other.
    private static func postings(_ keys: ArraySlice<ByteString>) -> Postings {
        if keys.count == 1 { return Postings(keys[keys.startIndex]) }
        var distinct: [ByteString] = []
        for key in keys where key != distinct.last { distinct.append(key) }
        return Postings(OrderedSet(sorted: distinct))
    }

    private mutating func append(_ value: ByteString, _ postings: Postings) {
        rowCount += postings.count
        entries.append(KeyedValue(key: value, value: postings))
    }
}
