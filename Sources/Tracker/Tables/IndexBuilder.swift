import Glibc
import JSON

/// Builds one index over many rows at once. Rows come in ascending order of their keys, and have numbers in that order, so
/// the rows of a value need not be sorted, only the values.
///
/// In most fields there are few values, or even one: they are numbered, and each has a list of its rows. Where most values turn
/// out to have one row only, all are kept with their rows instead, and sorted at the end.
struct IndexBuilder {
    private let declaration: IndexDeclaration
    private let mayOmit: Bool
    private var values = ValueTable()
    /// The rows of each of the numbered values.
    private var rows: [RowRanges] = []
    /// How many rows these are, each as often as it has values.
    private var rowCount = 0
    private var scattered: SortedRun?
    /// How many values there are when it is looked once more whether they are to be numbered.
    private var nextLook = 1024

    /// Since when the field has been as it is.
    private var since: UInt32 = 0
    /// The numbers of the values that it has, and those it had before, which it may well have again.
    private var (now, before): ([Int], [Int]) = ([], [])
    /// How many of the last scattered values are those that it has.
    private var scatteredNow = 0

    /// A builder of the index that `declaration` describes.
    ///
    /// - Parameter mayOmit: whether values may prevail.
    init(_ declaration: IndexDeclaration, mayOmit: Bool) {
        self.declaration = declaration
        self.mayOmit = mayOmit
    }

    /// How much work there is at the end.
    var effort: Int { scattered?.count ?? values.values.count }

    /// Lists the rows from `row` on under the values that the field's `text` has, until it changes again.
    ///
    /// - Parameter text: nil where the field is missing.
    mutating func change(at row: UInt32, to text: UnsafeRawBufferPointer?) {
        listPresent(before: row)
        if values.values.count >= nextLook { look() }
        swap(&now, &before)
        now.removeAll(keepingCapacity: true)
        scatteredNow = 0
        since = row
        guard let text else { return }
        IndexReader.forEachValue(declaration, ofField: text) { take($0) }
    }

    private mutating func take(_ value: UnsafeRawBufferPointer) {
        if scattered?.append(value, row: since) != nil {
            scatteredNow += 1
            return
        }
        if now.count < before.count, values.isValue(at: before[now.count], value) {
            return now.append(before[now.count])
        }
        let (number, isNew) = values.position(of: value)
        if isNew { rows.append(RowRanges()) }
        now.append(number)
    }

    /// Lists the rows before `row` under the values that they have.
    private mutating func listPresent(before row: UInt32) {
        guard since < row else { return }
        for number in now { rows[number].add(since..<row) }
        rowCount += now.count * Int(row - since)
        if scatteredNow > 0 { scattered?.repeatLast(scatteredNow, rows: since + 1..<row) }
        since = row
    }

    /// Gives up numbering when most values have one row only: looking them up takes longer than sorting them.
    private mutating func look() {
        nextLook *= 2
        guard values.values.count * 2 > rowCount else { return }
        var scattered = SortedRun()
        for (number, value) in values.values.enumerated() {
            value.withUnsafeBytes { value in rows[number].forEach { scattered.append(value, row: $0) } }
        }
        self.scattered = scattered
        (values, rows, now) = (ValueTable(), [], [])
    }

    /// The index, if `table` has all rows that there were, and no others.
    consuming func build(over table: FilledRows) -> SecondaryIndex {
        listPresent(before: UInt32(table.count))
        var listing = IndexListing(table)
        if var scattered {
            self.scattered = nil
            scattered.sort()
            listing.append(scattered)
            return SecondaryIndex(listed: OrderedMap(listing.tree()), count: listing.rowCount, mayOmit: mayOmit)
        }
        var dominant: [SecondaryIndex.Prevailing] = []
        for number in values.values.indices.sorted(by: { values.values[$0] < values.values[$1] }) {
            if mayOmit, SecondaryIndex.prevails(rows[number].count, of: table.count) {
                let exceptions = table.keys(of: rows[number].others(of: table.count))
                dominant.append(SecondaryIndex.Prevailing(value: values.values[number], exceptions: exceptions))
            } else {
                listing.append(values.values[number], rows[number])
            }
        }
        return SecondaryIndex(
            listed: OrderedMap(listing.tree()), count: listing.rowCount, dominant: dominant, mayOmit: mayOmit)
    }
}
