/// Ascending numbers of rows, those without a gap between them as one range: rows next to each other mostly have the same
/// value.
struct RowRanges {
    private var closed: [Range<UInt32>] = []
    private var open: Range<UInt32> = 0..<0
    /// How many rows there are.
    private(set) var count = 0

    /// Adds rows that come after all others, or the last ones once more, which changes nothing.
    mutating func add(_ rows: Range<UInt32>) {
        if open.upperBound == rows.upperBound { return }
        if open.upperBound == rows.lowerBound {
            open = open.lowerBound..<rows.upperBound
        } else {
            if !open.isEmpty { closed.append(open) }
            open = rows
        }
        count += rows.count
    }

    /// Visits the rows in ascending order.
    func forEach(_ body: (UInt32) -> Void) {
        for range in closed { range.forEach(body) }
        open.forEach(body)
    }

    /// The rows in ascending order.
    var rows: [UInt32] {
        var rows: [UInt32] = []
        rows.reserveCapacity(count)
        forEach { rows.append($0) }
        return rows
    }

    /// The rows before `total` that are not among these.
    func others(of total: Int) -> [UInt32] {
        var (others, end): ([UInt32], UInt32) = ([], 0)
        for range in closed + [open] {
            others.append(contentsOf: end..<range.lowerBound)
            end = range.upperBound
        }
        others.append(contentsOf: end..<UInt32(total))
        return others
    }
}
