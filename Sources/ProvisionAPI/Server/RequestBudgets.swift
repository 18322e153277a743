public import Tracker

/// How much work one request may have done, for each kind of work whose amount its answer does not show.
public struct RequestBudgets: Sendable {
    /// Values that are opened, each of which takes some fifty microseconds.
    public var decode = WorkBudget(
        20_000, "sealed values to open", remedy: "ask for fewer rows, with limit and offset, or without decode")
    /// Objects that are read for one list to find values.
    public var aggregate = WorkBudget(
        10_000_000, "objects that give the rows of a list their params",
        remedy: "ask for fewer rows, with a filter on an index or with limit and offset, or without aggregate")
    /// Users that are looked at for one answer.
    public var whoCan = WorkBudget(
        200_000, "users and roles of users to look at", remedy: "ask /system/whydenied about single users")
    /// Earlier versions that are read to explain who set something.
    public var explain = DataTracker.originBudget
    /// Objects that are put back.
    public var undo = DataTracker.undoBudget

    /// The budgets that requests have.
    public init() {}
}
