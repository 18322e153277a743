import Logging
import ServiceLifecycle
import Tracker

/// Has history forgotten as it grows too old or too large, a little at a time.
struct HistoryPruner: Service {
    let keeper: HistoryCompactor
    let logger: Logger

    /// The pause between two steps while there is something to do: writers come first.
    private static let pause = Duration.milliseconds(50)
    /// The pause when there is nothing to do, or the store fails.
    private static let rest = Duration.seconds(10)

    /// Works until the surrounding service group shuts down.
    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                var hasMore = false
                do {
                    hasMore = try await keeper.step()
                } catch {
                    logger.warning("history is not pruned at present", metadata: ["cause": "\(error)"])
                }
                try await Task.sleep(for: hasMore ? Self.pause : Self.rest)
            }
        }
    }
}
