import Basics
import Fleet
package import HTTPServing
import HTTPTypes
import JSON
package import Logging
package import Tracker

/// OpenStack Craton's API at `/v1`, over the domain of inventories.
package struct FleetFacade: Sendable {
    let tracker: DataTracker
    /// What `href`s and `Location` begin with: `http` or `https`.
    let scheme: String
    /// Knows callers by tokens of an identity service; nil if they have keys.
    let keystone: KeystoneAuthenticator?

    /// The API over a tracker.
    ///
    /// - Parameters:
    ///   - usesTLS: whether it is served over TLS.
    ///   - keystone: the identity service whose tokens callers show; nil if they show keys of their own.
    package init(tracker: DataTracker, usesTLS: Bool, keystone: KeystoneSettings? = nil, logger: Logger) {
        (self.tracker, scheme) = (tracker, usesTLS ? "https" : "http")
        self.keystone = keystone.map { KeystoneAuthenticator($0, tracker: tracker, logger: logger) }
    }

    /// The API as a facade.
    package var facade: Facade<FleetSession> {
        let all = routes
        let table = RouteTable(all)
        return Facade(
            routes: all,
            authentication: authentication,
            fallback: Route(.get, "", .plain, immediate: { try unrouted($0, table) }),
            errors: { error, request, logger in FleetRefusal(error, logger).answer(to: request) })
    }

    /// All that it answers.
    private var routes: [Route<FleetSession>] {
        FleetResource.all.flatMap(resourceRoutes) + [deviceRoute, inventoryRoute, lintRoute] + labelVariableRoutes
            + machineRoutes
    }

    /// Who asks: the user that the three fields of the head name, or whose token is shown (F §2).
    private var authentication: Authentication<FleetSession> {
        let none = CredentialReader { _ in nil }
        guard let keystone else { return Authentication(none) { request, _, _ in try session(request) } }
        return Authentication(none) { request, _ in
            keystone.remembered(Self.token(of: request)).map { session(of: $0, request) }
        } waiting: { request, _ in
            let token = Self.token(of: request)
            guard !token.isEmpty, let caller = await keystone.caller(token) else { throw Self.unknown }
            return session(of: caller, request)
        }
    }

    private func session(_ request: ServerRequest) throws -> FleetSession {
        let shown = request.headers.value(of: .authProject)
        guard let project = shown.flatMap(PythonUUID.canonical) else {
            throw FleetRefusal(401, "Project ID ('\(shown ?? "None")') is not a valid UUID")
        }
        let user = request.headers.value(of: .authUser) ?? ""
        guard let caller = tracker.snapshot.fleetCaller(user, project: project, apiKey: Self.token(of: request)) else {
            throw Self.unknown
        }
        return session(of: caller, request)
    }

    private func session(of caller: FleetCaller, _ request: ServerRequest) -> FleetSession {
        FleetSession(rights: FleetRights(caller), snapshot: tracker.snapshot, logger: request.source.logger)
    }

    private static func token(of request: ServerRequest) -> String { request.headers.value(of: .authToken) ?? "" }

    private static let unknown = FleetRefusal(401, "The request could not be authenticated.")

    /// What no route answers: `OPTIONS`, other methods of known paths, and unknown paths.
    private func unrouted(_ context: FleetContext, _ table: RouteTable<FleetSession>) throws -> Reply {
        var methods = context.path.path.hasByteSuffix("/") ? [] : table.methods(of: context.path)
        guard !methods.isEmpty else { throw FleetRefusal(404, FleetRefusal.unknownPath) }
        methods.append(.options)
        let allowed = methods.map(\.rawValue).sortedByBytes().joined(separator: ", ")
        if context.method == .options {
            var answer = Answer(status: .ok, headers: [.contentType: "text/html; charset=utf-8", .allow: allowed])
            answer.headers[.fleetRequestID] = FleetRequestID.text(context.request)
            return .answer(answer)
        }
        throw FleetRefusal(405, FleetRefusal.wrongMethod, allowed: allowed)
    }
}

extension HTTPField.Name {
    /// The project that a user works for.
    static let authProject = named("X-Auth-Project")
    /// The user's name.
    static let authUser = named("X-Auth-User")
    /// The user's key.
    static let authToken = named("X-Auth-Token")
    /// Why a change is made.
    static let changeReason = named("X-Change-Reason")
    /// The name of the request, as OpenStack's tools look for it.
    static let fleetRequestID = named("x-openstack-request-id")
}
