/// The values of an index and their rows, while they are put together in the order of values.
struct IndexListing {
    private let table: FilledRows
    private var entries = OrderedTreeBuilder<KeyedValue<Postings>>()
    /// How many rows are listed, each as often as it has values.
    private(set) var rowCount = 0

    /// A listing of nothing.
    init(_ table: FilledRows) { self.table = table }

    /// The values with their rows.
    consuming func tree() -> OrderedTree<KeyedValue<Postings>> { entries.tree() }

    /// Lists a value with its rows.
    mutating func append(_ value: ByteString, _ rows: RowRanges) {
        append(value, Postings(table.keys(of: rows.rows)))
    }

    /// Lists all scattered values, which are sorted.
    mutating func append(_ scattered: SortedRun) {
        var next = 0
        while next < scattered.count {
            let block = next..<min(next + FilledRows.prefetchLength, scattered.count)
            table.prefetchKeys(of: scattered.rows(block))
            while next < block.upperBound {
                let group = scattered.group(from: next)
                append(scattered.value(at: next), postings(scattered.rows(group)))
                next = group.upperBound
            }
        }
    }

    /// The keys of rows in ascending order, of which some may come twice, one after the other.
    private func postings(_ rows: some RandomAccessCollection<UInt32>) -> Postings {
        if rows.count == 1, let row = rows.first { return Postings(table.key(row)) }
        var distinct: [UInt32] = []
        for row in rows where row != distinct.last { distinct.append(row) }
        return Postings(table.keys(of: distinct))
    }

    private mutating func append(_ value: consuming ByteString, _ postings: consuming Postings) {
        rowCount += postings.count
        entries.append(KeyedValue(key: value, value: postings))
    }
}
