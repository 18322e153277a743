import Basics
import JSON

/// Someone who makes requests, and what they may do.
public final class Principal: Sendable {
    /// Who it is.
    public enum Subject: Sendable, Hashable, CustomStringConvertible {
        /// A user, by name.
        case user(String)
        /// What runs on a machine, by the machine's UUID.
        case machine(String)
        /// A part of the server or of its surroundings, such as a plug-in or a machine not known yet.
        case service(String)

        /// `user:rob`, `runner:3d8f…`, `incrementer`: as events and logs name it (C §12).
        public var description: String {
            switch self {
            case .user(let name): "user:\(name)"
            case .machine(let uuid): "runner:\(uuid)"
            case .service(let name): name
            }
        }

        /// The subject that a description names.
        init(_ description: String) {
            if let name = description.after("user:") {
                self = .user(String(name))
            } else if let uuid = description.after("runner:") {
                self = .machine(String(uuid))
            } else {
                self = .service(description)
            }
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

    /// The user's name, the machine's UUID, or the service's name.
    public var name: String {
        switch subject {
        case .user(let name), .machine(let name), .service(let name): name
        }
    }

    /// The UUID of the machine that it runs on; nil for others.
    public var machine: String? { if case .machine(let uuid) = subject { uuid } else { nil } }

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
        case (.user(let one), .user(let other)), (.machine(let one), .machine(let other)),
            (.service(let one), .service(let other)):
            one.hasSameUTF8(as: other)
        default: false
        }
    }

    /// Feeds kind and name.
    public func hash(into hasher: inout Hasher) { hasher.combine(Identifier(description)) }
}
