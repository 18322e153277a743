import Basics
import HTTPServing
import HTTPTypes
import JSON
import Tracker

/// What clients ask of servers that replicate one another (C §13, §20). This one stands alone: questions are answered as of a
/// cluster of one, and what would take a second server is refused.
enum ClusterHandlers {
    static var routes: [Route] {
        let (read, write) = (
            AccessRequirement.claim(scope: "info", action: "get"),
            AccessRequirement.claim(scope: "system", action: "replicate")
        )
        let questions: [(String, @Sendable (ClusterState) -> JSONValue)] = [
            ("id", { .string($0.id) }), ("leader", { .string($0.id) }), ("active", { .string($0.id) }),
            ("peers", { $0.members }), ("state", { .object($0.current) }), ("fullstate", { .object($0.full) }),
            ("introduction", { .object($0.common) }),
        ]
        return questions.map { name, value in
            Route(.get, "/system/consensus/\(name)", read) { call in .json(value(state(call))) }
        } + [
            Route(.post, "/system/consensus/failOverSafe", read, isFailOverSafe),
            Route(.post, "/system/consensus/enroll", write) { call in throw standsAlone(call) },
            Route(.delete, "/system/consensus/node/{id}", write, remove),
            Route(.post, "/system/active", .claim(scope: "system", action: "active")) { call in
                .json(.object(state(call).current))
            },
            Route(.post, "/system/passive", .claim(scope: "system", action: "passive")) { call in
                throw standsAlone(call)
            },
        ]
    }

    private static func state(_ call: RequestContext) -> ClusterState { call.services.info.cluster }

    /// Whether another member could take over now: there is none, however long one waits.
    private static func isFailOverSafe(_ call: RequestContext) throws -> Answer {
        if let text = call.query["waitFor"] {
            guard let wait = Duration(musterText: text, defaultUnit: .seconds),
                (.milliseconds(50)) ... .seconds(5) ~= wait
            else { throw call.badRequest(of: "system", "waitFor must be from 50ms to 5s, not `\(text)`") }
        }
        return .json(.bool(false))
    }

    private static func remove(_ call: RequestContext) throws -> Answer {
        guard call["id"].hasSameUTF8(as: state(call).id) else {
            throw APIError(404, "DELETE", of: "system", key: call["id"], "No such member")
        }
        throw standsAlone(call)
    }

    private static func standsAlone(_ call: RequestContext) -> APIError {
        let remedy = "restore a backup on another host to have it take over (muster backup, muster restore)"
        return APIError(
            409, "Conflict", of: "system", key: call["id"],
            "This server stands alone, and there is no other that could take part: \(remedy)")
    }
}
