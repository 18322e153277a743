import Access
import HTTPServing
import HummingbirdCore
import NIOCore
import Tracker

/// What a call may do and see. Nothing is answered but through these.
extension RequestContext {
    /// Lets the call pass if its principal holds what the route needs. What that is for a write often shows only once it is
    /// drafted: then those are refused here who may do nothing of the kind, and the others by the draft (`WriteRights`).
    ///
    /// - Throws: as `authorizeAsStated()`.
    func authorize() throws(TrackerError) {
        guard let principal, !principal.isSuperuser else { return }
        if let (scope, verbs) = route.requirement.drafted, principal.claims.mayAnywhere(verbs, in: scope) { return }
        try authorizeAsStated()
    }

    /// Lets the call pass if its principal holds all that the call itself says it needs.
    ///
    /// - Throws: `denied`; `hidden`, in the words of `notFound`, where the path names an object that the principal may not get
    ///   (C §7.2).
    func authorizeAsStated() throws(TrackerError) {
        guard let principal, !principal.isSuperuser else { return }
        if case .list = route.requirement { return }
        let decision = Authorization.decide(principal, route.requirement.requirements(of: self))
        guard case .denied(let missing) = decision else { return }
        if let scope = route.requirement.scopeOfObject, !self["key"].isEmpty, !seesObject(in: scope) {
            throw absence(in: scope).hidden
        }
        throw TrackerError(.denied, "", AccessError.denied(path.shown, requires: missing).messages)
    }

    /// Whether the object that the path's key means is there, and the caller may get it.
    private func seesObject(in scope: String) -> Bool {
        let (typeName, key) = (TypeName(scope), self["key"])
        let seen = readAuthorization()[typeName]
        if scope == "contents" { return snapshot.stack[key] != nil && seen.covers(key) }
        if BlobServices.Kind(rawValue: scope) != nil { return seen.covers(key) }
        return snapshot.resolve(typeName, key).map { seen.sees($0) } ?? false
    }

    /// What the route says of an object that is not there.
    private func absence(in scope: String) -> TrackerError {
        let key = self["key"]
        return switch scope {
        case "contents": ContentsHandlers.notFound(key)
        case "interfaces": InterfacesHandlers.notFound(key)
        default: snapshot.catalog[TypeName(scope)]?.notFound(key) ?? .notFound(TypeName(scope), key)
        }
    }

    /// Where lines of the log about the call go.
    var audit: AuditLog { AuditLog(logger: logger, id: id, address: address) }

    /// The badge of the caller, to be looked at again while the call goes on.
    func badge() async throws(AccessError) -> WatcherCredentials {
        let credentials = await services.requestAuthenticator.credentials(of: request)
        return try await WatcherCredentials(credentials, services, audit)
    }

    /// The call as if it were made in the state `snapshot`: whoever waited may have lost rights meanwhile, and what the path
    /// names may be another object.
    ///
    /// - Throws: when the call may not go on.
    func renewed(in snapshot: Snapshot) async throws -> RequestContext {
        let credentials = await services.requestAuthenticator.credentials(of: request)
        let principal = try await services.requestAuthenticator.principal(credentials, in: snapshot, audit)
        let session = ProvisionSession(services: services, principal: principal, snapshot: snapshot, logger: logger)
        let call = RequestContext(request, route, body, session)
        try call.authorize()
        return call
    }

    /// The object that a key in the path means, as far as the principal sees it.
    ///
    /// - Throws: `notFound`, with the key as it was typed.
    func object(_ typeName: TypeName, at path: String, in snapshot: Snapshot) throws(TrackerError) -> StoredObject {
        guard let object = snapshot.resolve(typeName, path), sees(typeName, object.key, in: snapshot) else {
            throw snapshot.catalog[typeName]?.notFound(path) ?? .notFound(typeName, path)
        }
        return object
    }

    /// The object that the path's key means, in the state the call began with.
    ///
    /// - Throws: `notFound`.
    func object(_ typeName: TypeName) throws(TrackerError) -> StoredObject {
        try object(typeName, at: self["key"], in: snapshot)
    }

    /// What the caller may get. Routes that are open to all show no objects.
    ///
    /// - Parameter newest: the state that says so, if it is not the one the call began with.
    func readAuthorization(in newest: Snapshot? = nil) -> ReadAuthorization {
        guard let principal else { preconditionFailure("\(route) is open to all, and yet shows objects") }
        return ReadAuthorization(principal, newest ?? session.accessSnapshot ?? snapshot)
    }

    /// Whether the caller may list what the route lists; the list of who may not is empty.
    var mayList: Bool {
        guard case .list = route.requirement, let principal, !principal.isSuperuser else { return true }
        return Authorization.decide(principal, route.requirement.requirements(of: self)) == .allowed
    }

    /// Which objects of a type a list may hold; nil if all.
    func rowVisibility(_ typeName: TypeName) -> RowVisibility? {
        let ofType = readAuthorization()[typeName]
        return ofType.isUnrestricted ? nil : RowVisibility(candidates: ofType.candidates) { ofType.sees($0) }
    }

    private func sees(_ typeName: TypeName, _ key: ByteString, in snapshot: Snapshot) -> Bool {
        guard let principal, principal.tenant != nil else { return true }
        return TenantFilter(principal, session.accessSnapshot ?? snapshot).sees(typeName, key)
    }
}
