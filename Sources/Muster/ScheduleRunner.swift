import Scheduling
import ServiceLifecycle

/// Runs what is due for as long as the server does.
struct ScheduleRunner: Service {
    let scheduler: Scheduler

    /// Works until the surrounding service group shuts down.
    func run() async throws {
        await cancelWhenGracefulShutdown { await scheduler.run() }
    }
}
