import Basics
import ServiceLifecycle

/// Signs of life for the service manager, until the server stops.
///
/// They come from the pool that requests run on, so they end when nothing runs there any more. A disk that is slow is no reason
/// to be ended: writes are not asked for.
struct SignsOfLife: Service {
    /// Who is told.
    let manager: ServiceManager
    /// What wakes the service.
    let clock: any TimeSource

    /// Tells the manager twice in the time that it waits, and at the end that the server stops.
    ///
    /// - Throws: `CancellationError` if the service is cancelled instead of stopped.
    func run() async throws {
        let (manager, clock) = (manager, clock)
        try await withGracefulShutdownHandler {
            guard let patience = manager.patience else { return try await gracefulShutdown() }
            try? await cancelWhenGracefulShutdown {
                while true {
                    manager.isAlive()
                    try await clock.sleep(for: patience / 2)
                }
            }
        } onGracefulShutdown: {
            manager.stopping()
        }
    }
}
