/// How long clients may take.
public struct Timeouts: Sendable {
    /// From the first byte of a request to the end of its head; for the first one from when the client connects.
    public var head = Duration.seconds(30)
    /// Between requests.
    public var idle = Duration.seconds(300)
    /// While a body is on its way, at least ``bodyProgress`` bytes must come in this time.
    public var bodyWindow = Duration.seconds(30)
    /// How many bytes of a body must come in each ``bodyWindow``.
    public var bodyProgress = 4096
    /// How long clients may take none of what is sent to them.
    public var write = Duration.seconds(30)
    /// The usual times.
    public init() {}
}
