import HTTPServing
import HTTPTypes
import JSON
import Provisioning
import Tracker

/// What clients do to work orders beside the generic endpoints (C §21).
enum WorkOrderHandlers {
    static var routes: [Route] {
        [
            Route(.post, "/work_orders/{key}/restart", .claim(scope: "work_orders", action: "update"), restart),
            PurgeHandler.workOrders.route,
        ]
    }

    /// Has an order that is done run again.
    private static func restart(_ call: RequestContext) async throws -> Answer {
        let key = call["key"]
        let request = call.trackerRequest.writing(WriteScope(["work_orders", "machines", "jobs"]))
        return try await call.write(request) { draft throws(TrackerError) in
            try draft.restartWorkOrder(at: key)
        } answer: { committed in
            answer(committed.object("work_orders"), call)
        }
    }

    private static func answer(_ order: StoredObject, _ call: RequestContext) -> WriteAnswer {
        guard let type = call.tracker.catalog["work_orders"] else { return .noContent }
        return WriteAnswer(type.served(order), etag: call.tracker.epochs.etag(of: order))
    }
}
