import HTTPServing
import JSON
import Provisioning
import Tracker

/// Resolves params of the rows of one list from all that gives them values, within a budget.
final class AggregateLookup {
    private let typeName: TypeName
    private let snapshot: Snapshot
    private let reading: ParamResolution.Reading?
    private var meter: WorkMeter
    private var failure: TrackerError?

    /// A look-up in `snapshot`.
    ///
    /// - Parameters:
    ///   - reading: what is taken for values; nil for they themselves.
    ///   - budget: how many objects may be read.
    init(
        _ typeName: TypeName, _ snapshot: Snapshot, _ reading: ParamResolution.Reading?, within budget: WorkBudget
    ) {
        (self.typeName, self.snapshot, self.reading) = (typeName, snapshot, reading)
        meter = WorkMeter(budget)
    }

    /// The value that a param of `object` comes to. Once the budget is spent there are none, and `check` says so.
    func value(of name: String, for object: StoredObject) -> JSONValue? {
        resolution(of: object)?.value(of: name)
    }

    /// Counts what it takes to answer with all params of some rows.
    ///
    /// - Throws: `overBudget`.
    func resolveAll(_ objects: [StoredObject]) throws(TrackerError) {
        for object in objects where failure == nil { _ = resolution(of: object) }
        try check()
    }

    /// Throws the refusal, if there was one.
    func check() throws(TrackerError) { if let failure { throw failure } }

    private func resolution(of object: StoredObject) -> ParamResolution? {
        guard failure == nil else { return nil }
        do throws(TrackerError) {
            let resolution = try ParamResolution(of: object, typeName, in: snapshot, reading: reading)
            try meter.spend(resolution.sources.count, on: typeName)
            return resolution
        } catch {
            failure = error
            return nil
        }
    }
}
