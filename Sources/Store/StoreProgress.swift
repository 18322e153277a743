/// How far something is that takes long.
public struct StoreProgress: Sendable {
    /// What is being done.
    public let work: String
    /// How much of it is done, in percent.
    public let percent: Int

    /// How far `work` is.
    public init(work: String, percent: Int) { (self.work, self.percent) = (work, percent) }
}
