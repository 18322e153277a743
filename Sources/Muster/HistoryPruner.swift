import Logging
import ServiceLifecycle
import Tracker

/// Has history forgotten as it grows too old or too large, until the surrounding service group shuts down.
struct HistoryPruner: Service {
    let keeper: HistoryCompactor
    let logger: Logger

    func run() async { await cancelWhenGracefulShutdown { await keeper.run(logger: logger) } }
}
