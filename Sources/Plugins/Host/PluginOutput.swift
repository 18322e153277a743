import Basics
import Logging
import Synchronization

/// Writes what a plug-in's program prints to the log, so much of it as is bearable.
final class PluginOutput: Sendable {
    private let throttle = Mutex(OutputThrottle())
    private let logger: Logger
    private let clock: any TimeSource

    init(_ logger: Logger, _ clock: any TimeSource) { (self.logger, self.clock) = (logger, clock) }

    /// Writes a line.
    func log(_ line: String) {
        guard case .log(let dropped) = throttle.withLock({ $0.verdict(at: clock.instant()) }) else { return }
        if dropped > 0 {
            logger.warning("a plug-in writes too much: lines are left out", metadata: ["lines": "\(dropped)"])
        }
        logger.info("\(line)")
    }
}

/// Decides which lines of a plug-in go to the log: so many a second, so that one that writes without end does not push all else
/// out.
struct OutputThrottle {
    /// How many lines a second are logged.
    static let most = 200

    private var window: ContinuousClock.Instant?
    private var count = 0
    private var dropped = 0

    /// What becomes of a line.
    enum Verdict: Equatable {
        /// It is logged, and before it that so many were not.
        case log(droppedBefore: Int)
        /// It is not logged.
        case drop
    }

    /// Counts a line that comes at `now`.
    mutating func verdict(at now: ContinuousClock.Instant) -> Verdict {
        if window.map({ now - $0 >= .seconds(1) }) ?? true {
            window = now
            count = 0
        }
        guard count < Self.most else {
            dropped += 1
            return .drop
        }
        count += 1
        defer { dropped = 0 }
        return .log(droppedBefore: dropped)
    }
}
