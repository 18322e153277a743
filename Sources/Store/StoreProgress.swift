/// How far something is that takes an opening long.
public struct StoreProgress: Sendable {
    /// What is being done.
    public let work: String
    /// How much of it is done, in percent.
    public let percent: Int
}
