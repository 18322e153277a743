import Basics
import JSON
import Synchronization

/// The pattern of a filter, and the steps that it has taken of those that it may.
///
/// Patterns are matched in time proportional to pattern times text, but a client chooses the pattern, and a list has many
/// texts.
final class FilterPattern: Sendable {
    /// The steps that the pattern of one filter may take over all rows of a list, or over one event: some hundred for each
    /// row of a million, and a few seconds.
    static let budget = WorkBudget(
        500_000_000, "steps of a pattern", remedy: "make it simpler, or add a filter that an index answers")

    private let pattern: LinearRegex
    private let limit = FilterPattern.budget.limit
    private let steps = Atomic(0)

    init(_ pattern: LinearRegex) { self.pattern = pattern }

    /// The steps taken so far.
    var stepsTaken: Int { steps.load(ordering: .relaxed) }

    /// Whether more steps were wanted than there are; what was not found then means nothing.
    var isExhausted: Bool { stepsTaken > limit }

    /// Whether the pattern matches anywhere in the text.
    func matches(_ text: String) -> Bool {
        let left = limit - stepsTaken
        guard left >= 0 else { return false }
        var work = StepBudget(left)
        let isFound = pattern.matches(text, within: &work)
        steps.wrappingAdd(work.steps, ordering: .relaxed)
        return isFound
    }

    /// Gives all steps back, or so many of them.
    func begin(with left: Int? = nil) { steps.store(limit - (left ?? limit), ordering: .relaxed) }
}

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
