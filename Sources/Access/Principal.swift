import Basics
import JSON

/// Someone who makes requests, and what they may do.
public final class Principal: Sendable {
    /// Who it is.
    public enum Subject: Sendable, Hashable, CustomStringConvertible {
        /// A user, by name.
        case user(String)
        /// What acts for an object, by its kind (``AgentModel/kind``) and the object's key.
        case agent(String, String)
        /// A part of the server or of its surroundings, or an agent whose object is not known yet.
        case service(String)

        /// `user:rob`, `agent:3d8f…`, `incrementer`: as events and logs name it (C §12).
        public var description: String {
            switch self {
            case .user(let name): "user:\(name)"
            case .agent(let kind, let key): "\(kind):\(key)"
            case .service(let name): name
            }
        }

        /// The subject that a description names.
        init(_ description: String) {
            guard let colon = description.firstByteIndex(of: ":") else {
                self = .service(description)
                return
            }
            let kind = String(description[..<colon])
            let name = String(description[description.utf8.index(after: colon)...])
            self = kind.hasSameUTF8(as: "user") ? .user(name) : .agent(kind, name)
        }
    }

    /// Who it is.
    public let subject: Subject
    /// What it may do.
    public let claims: ClaimSet
    /// The roles that its token narrows it to; nil if there is no such limit.
    public let roles: [String]?
    /// Claims that its token narrows it to, whatever its roles say.
    public let restrictions: [Claim]
    /// The tenant whose members are all that it sees of some object types; nil if it sees everything.
    public let tenant: String?
    /// Who it is, as events, commit records and logs name it: `user:rob`.
    public let displayed: String

    init(
        _ subject: Subject, _ claims: ClaimSet, roles: [String]? = nil, restrictions: [Claim] = [],
        tenant: String? = nil
    ) {
        self.subject = subject
        self.claims = claims
        self.roles = roles
        self.restrictions = restrictions
        self.tenant = tenant
        displayed = subject.description
    }

    /// The same principal as a member of `tenant`.
    func within(_ tenant: String?) -> Principal {
        if tenant.map({ Identifier($0) }) == self.tenant.map({ Identifier($0) }) { return self }
        return Principal(subject, claims, roles: roles, restrictions: restrictions, tenant: tenant)
    }

    /// The user's name, the key of the agent's object, or the service's name.
    public var name: String {
        switch subject {
        case .user(let name), .agent(_, let name), .service(let name): name
        }
    }

    /// What the server's domains say of rights.
    var model: AccessModel { claims.scopes.model }

    /// Whether it may do everything; a tenant may still narrow what it sees.
    public var isSuperuser: Bool { claims.coversEverything }

    /// The server itself, which may do everything.
    ///
    /// - Parameter name: which part of it.
    public static func system(_ name: String = "system", scopes: Scopes) -> Principal {
        Principal(.service(name), ClaimSet([[.everything]], scopes: scopes))
    }
}

extension Principal.Subject {
    /// Whether both are the same kind of client, and their names the same bytes.
    public static func == (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.user(let one), .user(let other)), (.service(let one), .service(let other)):
            one.hasSameUTF8(as: other)
        case (.agent(let kind, let one), .agent(let otherKind, let other)):
            kind.hasSameUTF8(as: otherKind) && one.hasSameUTF8(as: other)
        default: false
        }
    }

    /// Feeds kind and name.
    public func hash(into hasher: inout Hasher) { hasher.combine(Identifier(description)) }
}
