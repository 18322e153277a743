import Glibc
import JSON

/// Builds one index over many rows at once. Rows come in ascending order of their keys, so the rows of a value need not be
/// sorted, only the values.
struct IndexBuilder {
    /// The rows of one value. Most values of most indexes have one row or very many.
    private struct Bucket {
        let first: ByteString
        var others: [ByteString] = []

        var count: Int { 1 + others.count }
        var last: ByteString { others.last ?? first }
        var postings: Postings { others.isEmpty ? Postings(first) : Postings(sorted: [first] + others) }
    }

    private let declaration: IndexDeclaration
    private let mayOmit: Bool
    private var values = ValueTable()
    private var buckets: [Bucket] = []
    /// The field's text in the row before, and the bucket it went to: the commonest case needs no look-up.
    private var lastText: [UInt8] = []
    private var lastBucket: Int?

    init(_ declaration: IndexDeclaration, mayOmit: Bool) {
        self.declaration = declaration
        self.mayOmit = mayOmit
    }

    /// Lists `key` under the values that the field's `text` has.
    mutating func add(_ key: ByteString, _ text: UnsafeRawBufferPointer) {
        if let lastBucket, isLast(text) {
            buckets[lastBucket].others.append(key)
            return
        }
        var seen = 0
        var position = 0
        IndexReader.forEachValue(declaration, ofField: text) { value in
            position = list(key, under: value)
            seen += 1
        }
        // A text that has come twice in a row may well come again.
        lastBucket = seen == 1 && buckets[position].count > 1 ? position : nil
        if lastBucket != nil { lastText = Array(text) }
    }

    /// The index, if `rows` are all that were added, and all of the table.
    consuming func build(over rows: [StoredObject]) -> SecondaryIndex {
        let common = mayOmit ? buckets.indices.max { buckets[$0].count < buckets[$1].count } : nil
        let prevailing = common.flatMap { SecondaryIndex.prevails(buckets[$0].count, of: rows.count) ? $0 : nil }
        let order = ascendingPositions().filter { $0 != prevailing }
        let listed = OrderedMap(
            sorted: order.lazy.map { [values, buckets] in (values.values[$0], buckets[$0].postings) })
        return SecondaryIndex(
            listed: listed, count: order.reduce(0) { $0 + buckets[$1].count },
            prevailing: prevailing.map { values.values[$0] },
            exceptions: prevailing.map { exceptions(to: buckets[$0], among: rows) } ?? OrderedSet(), mayOmit: mayOmit)
    }

    private mutating func list(_ key: ByteString, under value: UnsafeRawBufferPointer) -> Int {
        let (position, isNew) = values.position(of: value)
        if isNew {
            buckets.append(Bucket(first: key))
        } else if buckets[position].last != key {
            // A value that the row has twice lists it once: rows come one after the other.
            buckets[position].others.append(key)
        }
        return position
    }

    private func isLast(_ text: UnsafeRawBufferPointer) -> Bool {
        lastText.withUnsafeBytes { last in
            last.count == text.count && (last.isEmpty || memcmp(last.baseAddress!, text.baseAddress!, last.count) == 0)
        }
    }

    /// The rows that are not in the bucket.
    private func exceptions(to bucket: Bucket, among rows: [StoredObject]) -> OrderedSet {
        guard bucket.count < rows.count else { return OrderedSet() }
        var next = 0
        var exceptions: [ByteString] = []
        for row in rows {
            let expected = next == 0 ? bucket.first : next < bucket.count ? bucket.others[next - 1] : nil
            if row.key == expected { next += 1 } else { exceptions.append(row.key) }
        }
        return OrderedSet(sorted: exceptions)
    }

    /// The positions of the values in ascending order of these. Their first sixteen bytes settle nearly all comparisons.
    private func ascendingPositions() -> [Int] {
        var order = values.values.enumerated().map { (head: $1.longHead, position: $0) }
        order.sort { left, right in
            left.head != right.head
                ? left.head < right.head : values.values[left.position] < values.values[right.position]
        }
        return order.map(\.position)
    }
}
