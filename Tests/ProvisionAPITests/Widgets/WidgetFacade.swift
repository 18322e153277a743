import Basics
import HTTPServing
import HTTPTypes
import JSON
import Logging
import Tracker

/// One request of a client of widgets: who asks, and the state that it is answered from.
struct WidgetVisit: FacadeSession {
    /// What a route takes.
    enum Requirement { case reading, writing }

    static let basePath = "/v1"

    let caller: String?
    let mayWrite: Bool
    let snapshot: Snapshot
    let logger: Logger
}

/// The wire format of widgets. Clients show a key in `Widget-Key`.
struct WidgetFacade: Sendable {
    /// Who has a key.
    struct Client {
        let name: String
        let mayWrite: Bool
    }

    let tracker: DataTracker
    /// Clients by their keys.
    let clients: [Identifier: Client]
    let logger: Logger

    /// The facade as a value.
    var facade: Facade<WidgetVisit> {
        Facade(
            routes: routes, authentication: Authentication(.field(Self.key), identify: visit),
            authorize: { context in
                guard context.route.requirement == .writing, !context.session.mayWrite else { return }
                throw WidgetRefusal(403, "denied", "This key is for reading")
            },
            unknownArguments: .refused, errors: { error, _, logger in WidgetRefusal(error, logger).answer })
    }

    private static let key = HTTPField.Name("Widget-Key")!

    @Sendable private func visit(
        _ request: ServerRequest, _ route: Route<WidgetVisit>, _ credentials: Credentials?
    ) throws -> WidgetVisit {
        guard case .token(let key) = credentials, let client = clients[Identifier(key)] else {
            throw WidgetRefusal(401, "unknown", "Show a key in \(Self.key)")
        }
        return WidgetVisit(
            caller: client.name, mayWrite: client.mayWrite, snapshot: tracker.snapshot, logger: logger)
    }

    private var routes: [Route<WidgetVisit>] {
        let filters: Set<Identifier> = ["name", "parent", "mass", "count", "skip", "order", "descending"]
        return [
            Route(.get, "/parts", .reading, inputs: RouteInputs(arguments: filters), immediate: list),
            Route(.get, "/parts/{id}", .reading, immediate: get),
            Route(.get, "/parts/{id}/parts", .reading, immediate: children),
            Route(.post, "/parts", .writing, body: .json, create),
            Route(.put, "/parts/{id}", .writing, body: .json, replace),
            Route(.delete, "/parts/{id}", .writing, remove),
        ]
    }
}

/// The handlers. A read answers at once from the visit's state; a write takes a task, since it waits for the disk.
extension WidgetFacade {
    private static let typeName = Widgets.parts.typeName

    @Sendable private func list(_ context: RequestContext<WidgetVisit>) throws -> Reply {
        let query = try ListQuery(arguments: context.query.all, type: Widgets.parts)
        let rows = try context.session.snapshot.list(Self.typeName, query).objects
        return .answer(.pretty(.array(rows.map { PartForm(part: $0).json })))
    }

    @Sendable private func get(_ context: RequestContext<WidgetVisit>) throws -> Reply {
        .answer(.pretty(PartForm(part: try part(context)).json))
    }

    @Sendable private func children(_ context: RequestContext<WidgetVisit>) throws -> Reply {
        let (snapshot, id) = (context.session.snapshot, ObjectID(Self.typeName, try part(context).key))
        let parts = snapshot.keys(Self.typeName, where: .field("parent"), names: id)
            .compactMap { snapshot[ObjectID(Self.typeName, $0)] }
        return .answer(.pretty(.array(parts.map { PartForm(part: $0).json })))
    }

    private func part(_ context: RequestContext<WidgetVisit>) throws -> StoredObject {
        guard let part = context.session.snapshot.resolve(Self.typeName, context["id"]) else {
            throw WidgetRefusal(404, "notFound", "There is no part \(context["id"])")
        }
        return part
    }

    @Sendable private func create(_ context: RequestContext<WidgetVisit>) async throws -> HTTPServing.Answer {
        let object = try object(context)
        return try await write(context, status: .created) { draft throws(TrackerError) in
            try draft.create(Self.typeName, object)
        }
    }

    @Sendable private func replace(_ context: RequestContext<WidgetVisit>) async throws -> HTTPServing.Answer {
        let (id, object) = (context["id"], try object(context))
        return try await write(context) { draft throws(TrackerError) in
            try draft.replace(Self.typeName, at: id, with: object)
        }
    }

    @Sendable private func remove(_ context: RequestContext<WidgetVisit>) async throws -> HTTPServing.Answer {
        let id = context["id"]
        return try await write(context) { draft throws(TrackerError) in try draft.remove(Self.typeName, at: id) }
    }

    private func object(_ context: RequestContext<WidgetVisit>) throws -> JSONObject {
        guard case .object(let object) = context.json else {
            throw WidgetRefusal(400, "request", "A part is a JSON object")
        }
        return object
    }

    private func write(
        _ context: RequestContext<WidgetVisit>, status: HTTPResponse.Status = .ok,
        _ body: @escaping @Sendable (inout Draft) throws(TrackerError) -> StoredObject
    ) async throws -> HTTPServing.Answer {
        let request = TrackerRequest(
            id: context.id.description, principal: "widgets:\(context.session.caller ?? "")",
            scope: WriteScope([Self.typeName]))
        let written = try await tracker.commit(request, body).object(Self.typeName)
        return .pretty(PartForm(part: written).json, status: status)
    }
}
