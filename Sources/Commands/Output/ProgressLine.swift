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

    /// A number of bytes as people read it: `18 bytes`, `1.5 MiB`.
    static func size(_ bytes: Int) -> String {
        guard bytes >= 1024 else { return "\(bytes) bytes" }
        var (tenths, unit) = (bytes * 10 / 1024, 0)
        while tenths >= 10_240, unit < 3 { (tenths, unit) = (tenths / 1024, unit + 1) }
        return "\(tenths / 10).\(tenths % 10) \(["KiB", "MiB", "GiB", "TiB"][unit])"
    }

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
