import Logging
import ServiceLifecycle
import Tracker

/// Runs what a domain has running beside the server, until the surrounding service group shuts down.
struct DomainRunner: Service {
    let service: DomainService
    let tracker: DataTracker

    func run() async throws {
        let (service, tracker) = (service, tracker)
        let logger = Logger(label: service.name)
        try await cancelWhenGracefulShutdown { try await service.run(tracker, logger) }
    }
}
