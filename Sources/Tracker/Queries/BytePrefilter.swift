import Basics
import JSON

/// Tells most rows that filters turn away from their bytes alone, where they lie: to take hold of each of many rows costs
/// more than to search it.
struct BytePrefilter {
    /// Of each of these, a row that passes has one.
    private let traces: [[BytePattern]]

    /// A screen for `filters`, all of which must hold. Those that leave no trace are not looked at.
    init(_ filters: [Filter]) {
        traces = filters.map(\.traces).filter { !$0.isEmpty }
    }

    /// Whether the row surely fails.
    func turnsAway(_ row: UnsafePointer<ObjectEntry>) -> Bool {
        if traces.isEmpty { return false }
        let bytes = row.pointee.value.document.bytes.span
        return bytes.withUnsafeBytes { text in
            !traces.allSatisfy { $0.contains { $0.occurs(in: text) } }
        }
    }
}
