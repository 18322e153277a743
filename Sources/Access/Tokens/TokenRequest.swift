import Basics
import JSON

/// What a token is to be.
public struct TokenRequest: Sendable {
    /// Whose rights it carries.
    public var subject: Principal.Subject
    /// The user on whose account it is made; empty for the server.
    public var grantor: String
    /// How long it lives.
    public var lifetime: Duration
    /// The roles it is narrowed to; nil for all that its user has.
    public var roles: [String]?
    /// Rights that it carries itself, beside roles.
    public var claims: [Claim]
    /// What it is narrowed to, whatever the roles and claims say.
    public var restrictions: [Claim]

    /// An order of all parts.
    public init(
        _ subject: Principal.Subject, grantor: String = "", lifetime: Duration, roles: [String]? = nil,
        claims: [Claim] = [], restrictions: [Claim] = []
    ) {
        self.subject = subject
        self.grantor = grantor
        self.lifetime = lifetime
        self.roles = roles
        self.claims = claims
        self.restrictions = restrictions
    }
}

extension TokenRequest {
    /// A token for a user (C §11.1).
    ///
    /// Whoever is narrowed by a token cannot get a wider one with it.
    ///
    /// - Parameters:
    ///   - name: the user whose token it is to be.
    ///   - grantor: who asks.
    ///   - ttl: seconds, or a duration with a unit; nil and empty stand for ten minutes.
    ///   - roles: a comma-separated list; those that the user does not hold are left out silently.
    ///   - scope: with `action` and `specific` a claim that narrows the token; where only some are given the others are `*`.
    /// - Throws: `badDuration`.
    public static func user(
        _ name: String, grantor: Principal, ttl: String? = nil, roles: String? = nil, scope: String? = nil,
        action: String? = nil, specific: String? = nil
    ) throws(AccessError) -> TokenRequest {
        let isOwn = grantor.subject == .user(name)
        var order = TokenRequest(
            .user(name), grantor: grantor.userName, lifetime: try TokenLifetime.parse(ttl, grantor.model))
        order.roles = isOwn ? grantor.roles : nil
        if let roles, !roles.isEmpty {
            let wanted = Claim.items(roles).filter { !$0.isEmpty }
            order.roles = order.roles.map { narrowed in wanted.filter { narrowed.contains(bytesOf: $0) } } ?? wanted
        }
        order.restrictions = grantor.restrictions
        let parts = [scope, action, specific].map { $0.flatMap { $0.isEmpty ? nil : $0 } }
        if parts.contains(where: { $0 != nil }) {
            let restriction = Claim(parts[0] ?? "*", parts[1] ?? "*", parts[2] ?? "*")
            if !order.restrictions.contains(restriction) { order.restrictions.append(restriction) }
        }
        return order
    }

    /// A token for what acts for an object (C §11.3).
    ///
    /// Whoever is narrowed by a token cannot give a wider one.
    ///
    /// - Parameters:
    ///   - subject: the agent.
    ///   - claims: what it may do.
    ///   - grantor: who asks.
    ///   - ttl: as of users' tokens.
    /// - Throws: `badDuration`.
    public static func agent(
        _ subject: Principal.Subject, claims: [Claim], grantor: Principal, ttl: String? = nil
    ) throws(AccessError) -> TokenRequest {
        TokenRequest(
            subject, grantor: grantor.userName, lifetime: try TokenLifetime.parse(ttl, grantor.model), claims: claims,
            restrictions: grantor.restrictions)
    }
}

extension Principal {
    /// The name of the user; empty for others, on whose account the server makes tokens itself.
    fileprivate var userName: String { if case .user(let name) = subject { name } else { "" } }
}
