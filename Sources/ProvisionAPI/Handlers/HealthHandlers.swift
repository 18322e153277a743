import HTTPServing
import HTTPTypes
import JSON
import NetServices
import Tracker

/// Whether the server works, for those who watch over it; asking takes no account.
enum HealthHandlers {
    static var routes: [Route] {
        [
            Route(.get, "/health", .nothing, base: .root, health),
            Route(.get, "/health", .nothing, health),
        ]
    }

    /// Status 503 while writes fail; reads go on even then. While writes only take longer, 200 with the cause. Services
    /// beside the API that do not serve are named; the rest goes on without them.
    private static func health(_ call: RequestContext) -> Answer {
        var health: JSONObject = [
            "status": "ok", "revision": JSONValue(Int(clamping: call.snapshot.revision.number)),
            "version": .string(call.services.configuration.version),
        ]
        let failures = call.services.configuration.serviceStates.failures
        if !failures.isEmpty {
            health["services"] = .object(JSONObject(failures.map { ($0.service.rawValue, .string($0.cause)) }))
        }
        if let cause = call.tracker.writeSlowness {
            health["status"] = "degraded"
            health["cause"] = .string(cause)
        }
        guard let cause = call.tracker.writeFailure else { return .json(.object(health)) }
        health["status"] = "read-only"
        health["cause"] = .string(cause)
        return .json(.object(health), status: .serviceUnavailable)
    }
}
