import Basics
import Glibc
import HTTPServing
import Logging
import ProvisionAPI
import ServiceLifecycle

/// The limit of how long stopping takes, whatever clients do.
///
/// Half of the time is for requests to be answered; then their connections are cut. If something is still not over at its
/// end, the process ends nevertheless: what was acknowledged is safe, as after a crash.
struct ShutdownLimit: Service {
    let time: Duration
    let connections: ConnectionRegistry
    let clock: any TimeSource
    let logs: LogWriter
    let logger: Logger

    /// Waits until the server is told to stop, and has the time begin.
    func run() async throws {
        try await gracefulShutdown()
        // Not a part of the service, which must end for the others to be over.
        Task.detached { try await enforce() }
    }

    private func enforce() async throws {
        try await clock.sleep(for: time / 2)
        let count = connections.count
        if count > 0 {
            logger.warning(
                "stopping: connections are cut whose requests are not over", metadata: ["connections": "\(count)"])
            connections.closeAll()
        }
        try await clock.sleep(for: time / 2)
        logger.error("stopped although something was not over in time", metadata: ["limit": "\(time)"])
        logs.flush(within: .seconds(1))
        _exit(1)
    }
}
