import Basics
import JSON
import Tracker

/// Works out what users and tokens may do from users and roles.
struct PrincipalReader {
    private let scopes: Scopes

    init(_ scopes: Scopes) { self.scopes = scopes }

    /// What the user `name` may do; nil if there is no such user.
    func user(_ name: String, _ reader: inout ObjectReader) -> Principal? {
        guard let roles = roles(ofUser: name, &reader) else { return nil }
        return Principal(
            .user(name), ClaimSet(roles.map(\.claims) + [Self.own(name, isNarrowed: false)], scopes: scopes))
    }

    /// The lists of claims of the user `name`: each role's, and last what every user holds; nil if there is no such user.
    func lists(ofUser name: String, _ reader: inout ObjectReader) -> [(role: String?, claims: [Claim])]? {
        roles(ofUser: name, &reader).map { roles in
            roles.map { ($0.name, $0.claims) } + [(nil, Self.own(name, isNarrowed: false))]
        }
    }

    /// What the bearer of `token` may do; nil if its user is gone.
    func bearer(of token: Token, _ reader: inout ObjectReader) -> Principal? {
        var lists: [[Claim]] = token.claims.isEmpty ? [] : [token.claims]
        switch token.subject {
        case .user(let name):
            guard let all = roles(ofUser: name, &reader) else { return nil }
            let narrowed = token.roles.map { $0.compactMap { held($0, among: all, &reader) } }
            let isNarrowed = token.roles != nil || !token.restrictions.isEmpty
            lists += (narrowed ?? all).map(\.claims) + [Self.own(name, isNarrowed: isNarrowed)]
        case .agent, .service:
            lists += (token.roles ?? []).compactMap { role($0, &reader)?.claims }
        }
        let claims = ClaimSet(lists, restrictions: token.restrictions, scopes: scopes)
        return Principal(token.subject, claims, roles: token.roles, restrictions: token.restrictions)
    }

    /// Those of `names` that are no more than what `subject` holds. Roles of agents are given by the server, which may.
    func held(_ names: [String], by subject: Principal.Subject, _ reader: inout ObjectReader) -> [String] {
        guard case .user(let user) = subject else { return names }
        let all = roles(ofUser: user, &reader) ?? []
        return names.filter { held($0, among: all, &reader) != nil }
    }

    private struct Role {
        let name: String
        let claims: [Claim]
    }

    private func role(_ name: String, _ reader: inout ObjectReader) -> Role? {
        guard let claims = reader.object("roles", name)?.document.member("Claims") else { return nil }
        return Role(name: name, claims: Claim.list(claims.value()))
    }

    /// The roles of a user, without those that do not exist; nil if there is no such user.
    private func roles(ofUser name: String, _ reader: inout ObjectReader) -> [Role]? {
        guard let user = reader.object("users", name) else { return nil }
        let names = (user.document.member("Roles")?.elements).map { $0.compactMap(\.string) } ?? []
        return names.compactMap { role($0, &reader) }
    }

    /// The role called `name` if it is one of `all`, or grants no more than they do.
    private func held(_ name: String, among all: [Role], _ reader: inout ObjectReader) -> Role? {
        if let role = all.first(where: { $0.name.hasSameUTF8(as: name) }) { return role }
        guard let role = role(name, &reader) else { return nil }
        return ClaimSet(all.map(\.claims), scopes: scopes).satisfies(role.claims) ? role : nil
    }

    /// What every user may do to themselves. With a narrowed token the password stays as it is: a new one would undo the
    /// narrowing.
    private static func own(_ name: String, isNarrowed: Bool) -> [Claim] {
        [Claim("users", isNarrowed ? "get,token" : "get,password,token", name)]
    }
}
