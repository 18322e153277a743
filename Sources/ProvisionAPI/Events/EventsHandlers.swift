import Access
import Basics
import HTTPServing
import HTTPTypes
import JSON
import Tracker

/// Watching over HTTP, and events of clients' own (C §12).
enum EventsHandlers {
    /// The largest event that a client may send, in bytes of its parts.
    private static let largestEvent = 1 << 20

    static var routes: [Route] {
        [
            Route(.get, "/events", .account, watch),
            Route(.get, "/events/cursor", .account, cursor),
            Route(.post, "/events", .account, body: .json, publish),
            Route(.get, "/ws", .account, upgradeRequired),
            Route(.get, "/ws/{endpoint}", .account, upgradeRequired),
        ]
    }

    private static func watch(_ call: RequestContext) async throws -> Answer {
        let query = try EventQuery(call)
        let badge = try await call.badge()
        let watcher = Watcher(badge, call.tracker, filters: query.filters, conditions: query.conditions)
        do {
            if call.request.headers[.accept]?.contains("text/event-stream") ?? false, !call.isHead {
                return try await EventStream(query, watcher, call).answer
            }
            let poll = EventPoll(
                query: query, watcher: watcher, feed: call.tracker.events, clock: call.tracker.environment.clock)
            return try await call.whileClientStays {
                var poll = poll
                return try await poll.answer()
            }
        } catch let error as EventError {
            return try refusal(error, call)
        }
    }

    private static func cursor(_ call: RequestContext) -> Answer {
        let now = call.tracker.events.now
        return .json([
            "cursor": .string(now.description), "revision": JSONValue(Int(clamping: now.revision.number)),
        ])
    }

    private static func publish(_ call: RequestContext) throws -> Answer {
        let object = try call.bodyObject("events")
        let event = Event(object, time: call.tracker.environment.now().description)
        guard event.text.count <= largestEvent else {
            throw APIError(413, "POST", of: "events", "An event may have at most \(largestEvent) bytes")
        }
        call.tracker.events.publish(event)
        return .noContent
    }

    /// Who gets here asked for no upgrade, or on a connection that has served other requests before.
    private static func upgradeRequired(_ call: RequestContext) -> Answer {
        let message = "Ask for an upgrade to websocket (RFC 6455), in the first request of a connection"
        var answer = APIError(426, "GET", of: "ws", message).answer
        answer.headers[.upgrade] = "websocket"
        answer.headers[.connection] = "close"
        return answer
    }

    /// Where to start over goes into the answer for programs to read.
    private static func refusal(_ error: EventError, _ call: RequestContext) throws -> Answer {
        switch error {
        case .malformedCursor, .malformedFilter: throw call.badRequest(of: "events", "\(error)")
        case .unavailable(let reason): throw APIError(503, "GET", of: "events", reason)
        case .gone(let cursor, let oldest), .foreign(let cursor, let oldest):
            let refusal = APIError(410, "GET", of: "events", key: "\(cursor)", "\(error)")
            var object = refusal.document.value().objectValue ?? [:]
            object["Oldest"] = .string("\(oldest)")
            return .json(.object(object), status: .gone)
        }
    }
}
