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
