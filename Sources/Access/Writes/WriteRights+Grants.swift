import JSON
import Tracker

/// Giving rights takes those rights oneself, or the action `grant` on roles.
extension WriteRights {
    /// What a write takes for the rights that it gives: none where the principal holds them.
    func grants(of write: ClientWrite, _ key: String, in view: Snapshot) -> [Requirement] {
        guard let after = write.after else { return [] }
        let previous = write.previous ?? [:]
        var given: [String] = []
        let isUser = write.type.typeName == "users"
        let roles = (model.grants.roles + (isUser ? ["Roles"] : [])).flatMap { Self.added($0, after, previous) }
        for case .string(let role) in roles where !mayGive(role, in: view) { given.append(role) }
        if isUser, given.isEmpty, let role = roles.first?.stringValue, !isReached(key, in: view) { given.append(role) }
        let isRole = write.type.typeName == "roles"
        for field in (isRole ? ["Claims"] : []) + model.grants.claims {
            guard !Self.added(field, after, previous).isEmpty else { continue }
            if !principal.claims.satisfies(Claim.list(after[field])) { given.append(isRole ? key : "") }
        }
        if write.type.typeName == "tenants", widens(previous, after, in: view) { given.append("") }
        return given.map { Requirement(Claim("roles", "grant", $0)) }
    }

    /// The elements of a list that it did not have before.
    private static func added(_ field: String, _ after: JSONObject, _ previous: JSONObject) -> [JSONValue] {
        let new = after[field]?.arrayValue ?? []
        if new.isEmpty { return [] }
        let old = Set(previous[field]?.arrayValue ?? [])
        return new.filter { !old.contains($0) }
    }

    /// Whether the principal holds all that a role grants. Nobody knows what one will grant that does not exist.
    private func mayGive(_ role: String, in view: Snapshot) -> Bool {
        guard let claims = view.object("roles", role)?.document.member("Claims")?.value() else { return false }
        return principal.claims.satisfies(Claim.list(claims))
    }

    /// Whether a user sees no more than the principal: who is in a tenant cannot make somebody who is not.
    private func isReached(_ user: String, in view: Snapshot) -> Bool {
        guard let tenant = principal.tenant, !TenantFilter(principal, view).isUnrestricted else { return true }
        return ByteString(view.tenant(of: user) ?? "") == ByteString(tenant)
    }

    /// Whether somebody who is in a tenant lets users of one see what the tenant kept from them.
    private func widens(_ previous: JSONObject, _ after: JSONObject, in view: Snapshot) -> Bool {
        let tenantFilter = TenantFilter(principal, view)
        if tenantFilter.isUnrestricted { return false }
        let users = Set(previous["Users"]?.arrayValue ?? [])
        if !users.isSubset(of: after["Users"]?.arrayValue ?? []) { return true }
        let types = previous["Members"]?.objectValue?.keys ?? []
        return types.contains { after["Members"]?[$0] == nil && !tenantFilter.seesAll(TypeName($0)) }
    }
}
