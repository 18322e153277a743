import HTTPServing
import HTTPTypes
import JSON
import Tracker

/// What 4.15's clients do to machines beside the generic endpoints (C §21).
enum MachineHandlers {
    static var routes: [Route] {
        [
            Route(.patch, "/machines/{key}/start", .patch("machines", below: ""), body: .patch, start),
            Route(.delete, "/machines/{key}/cleanup", .claim(scope: "machines", action: "delete"), cleanup),
        ]
    }

    private static let stopping = JSONPatch(operations: [
        .replace(path: JSONPointer(tokens: ["Workflow"]), value: ""),
        .replace(path: JSONPointer(tokens: ["Runnable"]), value: false),
    ])

    /// Has a machine begin anew: out of its workflow and not running, and then as the patch says.
    private static func start(_ call: RequestContext) async throws -> Answer {
        let (key, patch) = (call["key"], call.patch)
        return try await call.write { draft throws(TrackerError) in
            try draft.patch("machines", at: key, stopping)
            return try draft.patch("machines", at: key, patch)
        } answer: { committed in
            answer(committed, call)
        }
    }

    /// Takes a machine away; its jobs are kept.
    private static func cleanup(_ call: RequestContext) async throws -> Answer {
        let key = call["key"]
        return try await call.write { draft throws(TrackerError) in
            try draft.remove("machines", at: key)
        } answer: { committed in
            guard let type = call.tracker.catalog["machines"] else { return .noContent }
            return WriteAnswer(type.served(committed.value))
        }
    }

    private static func answer(_ committed: DataTracker.Committed<StoredObject>, _ call: RequestContext) -> WriteAnswer
    {
        guard let type = call.tracker.catalog["machines"] else { return .noContent }
        return WriteAnswer(type.served(committed.object("machines")))
    }
}
