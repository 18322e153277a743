/// How long to wait before something is tried again: twice as long each time, up to half a minute, and never for all agents the same.
struct BackOff: Sendable {
    private var attempts = 0
    private static let first = 0.25
    private static let longest = 30.0

    /// The next pause.
    ///
    /// - Parameter chance: a number from 0 to 1.
    mutating func next(_ chance: Double = .random(in: 0...1)) -> Duration {
        let whole = min(Self.longest, Self.first * Double(1 << min(attempts, 10)))
        attempts += 1
        return .seconds(whole * (0.5 + chance / 2))
    }
}
