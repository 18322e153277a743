import Glibc
public import Store
import Synchronization

/// A line on standard error that says how far something is: on a terminal it is written over itself, elsewhere it comes every ten
/// seconds.
public final class ProgressLine: Sendable {
    private let state = Mutex((shown: ContinuousClock.now, isShown: false))
    private let isTerminal = isatty(STDERR_FILENO) == 1

    /// How long a line stands at least.
    private var pause: Duration { isTerminal ? .milliseconds(200) : .seconds(10) }

    /// A line that is not there until there is something to say for longer than a moment.
    public init() {}

    /// Says how far it is, unless that was just said.
    public func tell(_ text: @autoclosure () -> String) {
        let isDue = state.withLock { state in
            guard state.shown.duration(to: .now) > pause else { return false }
            state = (.now, true)
            return true
        }
        guard isDue else { return }
        write(isTerminal ? "\r\u{1B}[K\(text())" : text() + "\n")
    }

    /// Says how far it is.
    public func tell(_ progress: StoreProgress) { tell("\(progress.work): \(progress.percent) %") }

    /// Takes the line away.
    public func clear() {
        let wasShown = state.withLock { state in
            defer { state.isShown = false }
            return state.isShown
        }
        if wasShown, isTerminal { write("\r\u{1B}[K") }
    }

    private func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
    }
}
