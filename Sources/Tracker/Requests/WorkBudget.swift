import Synchronization

/// How much work one request may make the server do, counted in steps that take about the same time each.
///
/// `Limits.md` lists all budgets. One that does not suffice refuses the request, and says what to ask for instead.
public struct WorkBudget: Sendable {
    /// What a step is, in the plural.
    public let unit: String
    /// The most steps.
    public var limit: Int
    /// What whoever needs more can do.
    public let remedy: String

    /// A budget of `limit` steps.
    public init(_ limit: Int, _ unit: String, remedy: String) {
        (self.limit, self.unit, self.remedy) = (limit, unit, remedy)
    }

    /// The refusal of a request that takes more.
    public func exceeded(_ typeName: TypeName = "", key: String = "") -> TrackerError {
        TrackerError(.overBudget, typeName, key: key, "This takes more than \(limit) \(unit): \(remedy)")
    }
}

/// Counts the steps of one request.
public struct WorkMeter: Sendable {
    private let budget: WorkBudget
    /// How many steps are left.
    public private(set) var rest: Int

    /// A meter of no steps yet.
    public init(_ budget: WorkBudget) { (self.budget, rest) = (budget, budget.limit) }

    /// How many steps have been counted.
    public var spent: Int { budget.limit - rest }

    /// Counts steps that are about to be made.
    ///
    /// - Throws: `overBudget` when there are more than the budget allows.
    public mutating func spend(_ steps: Int, on typeName: TypeName = "", key: String = "") throws(TrackerError) {
        guard steps <= rest else { throw budget.exceeded(typeName, key: key) }
        rest -= steps
    }
}

/// A few places for something that takes much memory; whoever finds none is turned away.
public final class Places: Sendable {
    private let free: Mutex<Int>

    /// So many places, all of them free.
    public init(_ count: Int) { free = Mutex(count) }

    /// Whether there was a place, which is the caller's until `end`.
    public func begin() -> Bool {
        free.withLock { free in
            guard free > 0 else { return false }
            free -= 1
            return true
        }
    }

    /// Gives a place back.
    public func end() { free.withLock { $0 += 1 } }
}
