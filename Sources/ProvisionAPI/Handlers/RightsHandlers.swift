import Access
import HTTPServing
import HTTPTypes
import JSON
import Tracker

/// Who may do something, and why somebody may not.
///
/// Whoever asks learns nothing of users, roles, tenants and objects that they could not get: users are left out, claims and
/// tenants are not named, and a key that means such an object is judged as if it meant nothing.
struct RightsHandlers: Sendable {
    /// The routes that can be asked about.
    let judged: RouteTable

    var routes: [Route] {
        [
            Route(.get, "/system/whocan", .claim(scope: "users", action: "list"), whoCan),
            Route(.get, "/system/whydenied", .account, whyDenied),
        ]
    }

    /// The users who hold a claim, and those whom only their tenant keeps from it.
    private func whoCan(_ call: RequestContext) throws -> Answer {
        let claim = try claim(call)
        let view = RightsView(call)
        var search = RightsSearch([claim], scopes: call.services.authenticator.scopes, in: call.snapshot)
        var (able, keptOut): ([JSONValue], [JSONValue]) = ([], [])
        var meter = WorkMeter(call.services.configuration.budgets.whoCan)
        for user in call.snapshot["users"]?.objects.map(\.1) ?? [] where view.readAuthorization["users"].sees(user) {
            let name = user.key.string
            try meter.spend(
                1 + (user.document.member("Roles")?.elements.reduce(0) { count, _ in count + 1 } ?? 0), on: "users")
            guard let verdict = search.verdict(on: name), let granted = verdict.granted else { continue }
            let tenancy = view.tenancy(verdict.tenant, TypeName(claim.scope), claim.specific)
            var row: JSONObject = ["user": .string(name)]
            row.merge(view.value(of: granted)) { $1 }
            row["tenant"] = tenancy?.value ?? .null
            if tenancy?.isListed ?? true { able.append(.object(row)) } else { keptOut.append(.object(row)) }
        }
        return .json(["claim": claim.value, "users": .array(able), "keptOut": .array(keptOut)])
    }

    private func claim(_ call: RequestContext) throws(APIError) -> Claim {
        let query = call.query
        guard let scope = query["scope"], !scope.isEmpty, let action = query["action"], !action.isEmpty else {
            throw call.badRequest(of: "system", "Say scope=, action= and, if it is about one thing, specific=")
        }
        let specific = query["specific"] ?? ""
        let claim = Claim(scope, action, specific)
        if let problem = claim.problems(in: call.services.authenticator.scopes).first {
            throw call.badRequest(of: "system", problem)
        }
        let object = call.snapshot.resolve(TypeName(scope), specific)
        guard let object, call.readAuthorization()[TypeName(scope)].sees(object), scope != "jobs" else { return claim }
        return Claim(scope, action, object.key.string)
    }

    /// What becomes of a request of some user, and what decides.
    private func whyDenied(_ call: RequestContext) throws -> Answer {
        let name = call.query["user"] ?? ""
        guard let target = call.query["path"], !target.isEmpty, !name.isEmpty else {
            throw call.badRequest(of: "system", "Say user=, path= and, if it is not GET, method=")
        }
        let view = RightsView(call)
        guard let user = call.snapshot.object("users", name), view.readAuthorization["users"].sees(user) else {
            throw TrackerError.notFound("users", name)
        }
        let method = HTTPRequest.Method(rawValue: (call.query["method"] ?? "GET").uppercased()) ?? .get
        guard let asked = question(method, target, call) else { throw APIError.noRoute(method, target) }
        let claims = view.claims(of: asked)
        var search = RightsSearch(claims, scopes: call.services.authenticator.scopes, in: call.snapshot)
        guard let verdict = search.verdict(on: name) else { throw TrackerError.notFound("users", name) }
        let object = view.object(of: asked)
        let tenancy = object.flatMap { view.tenancy(verdict.tenant, $0.typeName, $0.key.string) }
        var answer: JSONObject = [
            "user": .string(name), "method": .string(method.rawValue), "path": .string(target),
            "route": .string(asked.route.description), "requires": .array(claims.map(\.value)),
        ]
        let isHidden = isObject(asked) && !(tenancy?.isListed ?? true && mayGet(asked, name, view, call))
        let isList = asked.route.requirement.isList
        answer.merge(view.outcome(verdict, claims, tenancy, isList: isList, isHidden: isHidden)) { $1 }
        return .json(.object(answer))
    }

    private func isObject(_ asked: RequestContext) -> Bool {
        asked.route.requirement.scopeOfObject != nil && !asked["key"].isEmpty
    }

    /// Whether a user's roles let them get the object that a request is about.
    private func mayGet(_ asked: RequestContext, _ user: String, _ view: RightsView, _ call: RequestContext) -> Bool {
        guard let claim = view.claimToGet(asked) else { return false }
        var search = RightsSearch([claim], scopes: call.services.authenticator.scopes, in: call.snapshot)
        return search.verdict(on: user)?.granted != nil
    }

    /// The request that is asked about. What its body would tell comes in arguments: `key=` of what is created, and for each
    /// part that is patched a `pointer=`; without them all keys and all parts are meant.
    private func question(_ method: HTTPRequest.Method, _ target: String, _ call: RequestContext) -> RequestContext? {
        let endpoint = call.services.configuration.endpointID
        var path = RequestPath(target, endpoint: endpoint)
        if !path.isBelowBase { path = RequestPath(ProvisionSession.basePath + target, endpoint: endpoint) }
        guard let route = judged.route(method, path) else { return nil }
        let arguments = call.query
        let body: Body
        switch route.requirement {
        case .create(let typeName):
            let field = typeName == "jobs" ? "Machine" : call.tracker.catalog[typeName]?.key.field ?? ""
            body = .json([field: .string(arguments["key"] ?? "*")])
        case .patch:
            let pointers = arguments.values(of: "pointer").compactMap { try? JSONPointer($0) }
            let parts = pointers.isEmpty ? [JSONPointer(tokens: [])] : pointers
            body = .patch(JSONPatch(operations: parts.map { .remove(path: $0) }))
        default: body = .none
        }
        let session = ProvisionSession(
            services: call.services, principal: nil, snapshot: call.snapshot, logger: call.logger)
        return RequestContext(ServerRequest(call.request, path: path), route, body, session)
    }
}
