/// How many steps a piece of work may take, and how many it took.
///
/// A step is what the work is made of: a node looked at, a state of a pattern entered. The same input takes the same steps on
/// every machine, so tests tell by them how work grows with its input; time would tell how busy the machine was.
public struct StepBudget: Sendable, Hashable {
    /// The most steps.
    public let limit: Int
    /// The steps so far; at most one piece of work more than the limit.
    public private(set) var steps = 0

    /// A budget of that many steps, none of them taken.
    public init(_ limit: Int) { self.limit = limit }

    /// Whether more steps were wanted than there are.
    public var isExhausted: Bool { steps > limit }

    /// Takes steps; false if that are more than there are, now or before.
    @inline(__always)
    @discardableResult
    public mutating func spend(_ count: Int = 1) -> Bool {
        let (sum, isOver) = steps.addingReportingOverflow(count)
        steps = isOver ? .max : sum
        return steps <= limit
    }
}
