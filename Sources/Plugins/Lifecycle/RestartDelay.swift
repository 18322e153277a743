/// How long a program that fails is left alone before it is started again: longer with each time, up to a minute.
enum RestartDelay {
    private static let shortest = 1
    private static let longest = 60

    /// The time after so many failures in a row, one at least.
    static func after(failures: Int) -> Duration {
        let doublings = min(max(failures, 1) - 1, 10)
        return .seconds(min(shortest << doublings, longest))
    }
}
