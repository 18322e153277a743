public import Basics
import JSON

/// What one execution has left of its limits, and its sources of time and randomness; functions and methods are given it.
///
/// A method that executes a template itself hands it on, so that both live within one set of limits.
public struct TemplateContext {
    /// The limits.
    public let limits: TemplateLimits

    /// Where time and random bytes come from.
    public let environment: Environment

    /// Templates that are being executed, one called by another.
    var calls = 0

    private var budget: StepBudget
    private var depth = 0
    private var stepsAtLastLook = 0
    private let deadline: ContinuousClock.Instant
    /// The maps made on the way; emptied at the end, since some may contain each other.
    private var maps: [TemplateMap] = []

    /// How many steps pass between two looks at the clock.
    private static let stepsBetweenLooks = 1000

    /// A context with all of its limits left.
    public init(limits: TemplateLimits = TemplateLimits(), environment: Environment = Environment()) {
        self.limits = limits
        self.environment = environment
        budget = StepBudget(limits.steps)
        deadline = environment.clock.instant() + limits.time
    }

    /// The steps taken so far.
    public var steps: Int { budget.steps }

    /// Takes steps; work in proportion to its arguments takes one for every piece of them.
    public mutating func spend(_ count: Int = 1) throws(TemplateFailure) {
        guard budget.spend(count) else {
            throw TemplateFailure("exceeded maximum number of steps (\(limits.steps))", limit: .steps)
        }
        guard budget.steps - stepsAtLastLook >= Self.stepsBetweenLooks else { return }
        stepsAtLastLook = budget.steps
        guard environment.clock.instant() < deadline else {
            throw TemplateFailure("exceeded maximum time (\(limits.time))", limit: .time)
        }
    }

    /// Takes the steps for making that many bytes, which no text may exceed.
    public mutating func spend(bytes: Int) throws(TemplateFailure) {
        guard bytes <= limits.output else {
            throw TemplateFailure("exceeded maximum size of output (\(limits.output) bytes)", limit: .output)
        }
        try spend(bytes >> 5)
    }

    /// Goes a level down; every call is followed by ``ascend()`` unless execution ends.
    mutating func descend() throws(TemplateFailure) {
        depth += 1
        guard depth <= limits.depth else {
            throw TemplateFailure("exceeded maximum depth (\(limits.depth))", limit: .depth)
        }
    }

    /// Goes back up.
    mutating func ascend() {
        depth -= 1
    }

    /// A new map. All maps that functions make come from here.
    public mutating func map(_ entries: [Identifier: TemplateValue], of element: GoType = .any) -> TemplateValue {
        let map = TemplateMap(entries, of: element)
        maps.append(map)
        return .map(map)
    }

    /// A new slice. All slices of lists that functions make come from here.
    public func list(_ elements: [TemplateValue], of element: GoType = .any) throws(TemplateFailure) -> TemplateValue {
        let list = TemplateList(elements, of: element)
        guard list.height <= limits.depth else {
            throw TemplateFailure("exceeded maximum depth (\(limits.depth))", limit: .depth)
        }
        return .list(list)
    }

    /// Takes a map for one that was made on the way.
    mutating func adopt(_ map: TemplateMap) {
        maps.append(map)
    }

    /// Takes steps that were made already; the next ones find out whether those were too many.
    mutating func note(_ count: Int) {
        budget.spend(count)
    }

    /// Empties the maps made on the way.
    mutating func finish() {
        for map in maps { map.removeAll() }
        maps = []
    }
}
