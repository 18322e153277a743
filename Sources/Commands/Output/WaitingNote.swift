import Glibc
import Synchronization

/// A line on the terminal that says for how long a command has been waiting, from the second second on.
///
/// It stands on standard error only if people read that, and goes before anything else is shown.
enum WaitingNote {
    private struct State {
        /// Whether the line stands on the terminal.
        var isShown = false
        /// How many questions wait for an answer, over which the line must not be written.
        var held = 0
    }

    private static let state = Mutex(State())
    private static let clearing = "\r\u{1B}[K"

    /// Shows the line once a second while `body` runs.
    static func during<Result: Sendable>(
        _ isWanted: Bool, _ body: () async throws -> Result
    ) async throws -> Result {
        guard isWanted, Terminal.isError else { return try await body() }
        let ticker = Task {
            let start = ContinuousClock.now
            while true {
                try await Task.sleep(for: .seconds(1))
                tick(start.duration(to: .now).components.seconds)
            }
        }
        defer {
            ticker.cancel()
            clear()
        }
        return try await body()
    }

    /// Takes the line away, so that something else can be shown.
    static func clear() {
        state.withLock { state in
            guard state.isShown else { return }
            state.isShown = false
            write(clearing)
        }
    }

    /// Keeps the line away while people are asked something.
    static func withQuestion<Answer>(_ ask: () -> Answer) -> Answer {
        clear()
        state.withLock { $0.held += 1 }
        defer { state.withLock { $0.held -= 1 } }
        return ask()
    }

    private static func tick(_ seconds: Int64) {
        state.withLock { state in
            guard state.held == 0 else { return }
            state.isShown = true
            write("\(clearing)waiting for the server: \(seconds) s")
        }
    }

    private static func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
    }
}
