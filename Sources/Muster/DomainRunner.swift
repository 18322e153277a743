import Logging
import ServiceLifecycle
import Tracker

/// Runs what a domain has running beside the server, until the surrounding service group shuts down.
struct DomainRunner: Service {
    let service: DomainService
    let tracker: DataTracker
    let logger: Logger

    func run() async throws {
        let (service, tracker) = (service, tracker)
        var logger = logger
        logger[metadataKey: "domain-service"] = "\(service.name)"
        let named = logger
        try await cancelWhenGracefulShutdown { try await service.run(tracker, named) }
    }
}
