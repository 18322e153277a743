import Access
import Basics
import HTTPServing
import HTTPTypes
import JSON
import Provisioning
import Tracker

/// Has what is done be forgotten, as the arguments say, or where they say nothing, as the preferences do (C §15.4).
struct PurgeHandler: Sendable {
    /// Forgets jobs.
    static let jobs = PurgeHandler(kind: .jobs)
    /// Forgets work orders.
    static let workOrders = PurgeHandler(kind: .workOrders)

    private let kind: Retention.Kind

    /// `DELETE` of a whole type.
    var route: Route {
        let names = [kind.keepPreference, kind.failedPreference, kind.completePreference].map(\.rawValue)
        return Route(
            .delete, "/\(kind.typeName)", .claim(scope: kind.typeName.rawValue, action: "delete"),
            inputs: RouteInputs(
                arguments: Set((["dryrun", "machine", "token"] + names).map { Identifier($0) }), others: .refused),
            purge)
    }

    private func purge(_ call: RequestContext) async throws -> Answer {
        var retention = Retention(kind, Preferences(call.snapshot))
        let keep = kind.keepPreference.rawValue
        if let text = call.query[keep] {
            guard let count = Int(text), count >= 0 else { throw badArgument(keep, text, "a whole number", call) }
            retention.keptCount = count
        }
        retention.failedAfter = try duration(kind.failedPreference, call) ?? retention.failedAfter
        retention.completeAfter = try duration(kind.completePreference, call) ?? retention.completeAfter
        if let machine = call.query["machine"], !machine.isEmpty {
            retention.machines =
                machine == "missing"
                ? .missing : .one(try call.object("machines", at: machine, in: call.snapshot).key.string)
        }
        let (found, rights) = (
            retention.expired(in: call.snapshot, at: call.tracker.environment.now()), call.readAuthorization()
        )
        let expired = found.filter { rights.sees(ObjectID(kind.typeName, $0), in: call.snapshot) }
        if try !call.isDryRun { try await retention.forget(expired, call.tracker, call.trackerRequest) }
        return .json(.array(expired.map { .string($0.string) }))
    }

    private func duration(_ name: PreferenceName, _ call: RequestContext) throws -> Duration? {
        guard let text = call.query[name.rawValue] else { return nil }
        guard let duration = Duration(musterText: text, defaultUnit: .seconds) else {
            throw badArgument(name.rawValue, text, "a duration such as 30d", call)
        }
        return duration
    }

    private func badArgument(_ name: String, _ value: String, _ wanted: String, _ call: RequestContext) -> APIError {
        call.badRequest(of: kind.typeName.rawValue, "\(name) must be \(wanted), not `\(value)`")
    }
}
