public import Basics
public import JSON
public import Tracker

/// What can be claimed on a server: scopes, and the actions of each (C §11.2).
///
/// Every object type is a scope; a few more stand for things that are not objects.
public struct Scopes: Sendable {
    /// What the server's domains say of rights.
    public let model: AccessModel
    /// The actions of every scope.
    private let actions: [Identifier: Set<Identifier>]
    /// The scopes that are object types.
    private let objectScopes: Set<Identifier>
    /// The scopes that are in no table that clients read.
    private let unpublished: Set<Identifier>

    /// The scopes of a server.
    ///
    /// - Parameters:
    ///   - model: what its domains say of rights.
    ///   - prefixes: its object types; those that every server has need not be among them.
    ///   - sealable: the types on which values can be sealed.
    ///   - unpublished: the types whose names are in no table that clients read.
    public init(
        _ model: AccessModel, prefixes: some Sequence<TypeName>,
        sealable: some Sequence<TypeName> = EmptyCollection<TypeName>(), unpublished: Set<TypeName> = []
    ) {
        let sealable = Set(sealable.map { Identifier($0.rawValue) })
        let declared = model.scopes
        objectScopes = sealable.union(prefixes.map { Identifier($0.rawValue) }).union(Self.own).union(declared.present)
        var actions = declared.others
        for scope in objectScopes {
            let all = Self.usual.union(declared.added[scope] ?? []).union(Self.added[scope] ?? [])
            actions[scope] = declared.only[scope] ?? all
        }
        for (scope, untold) in Self.untold { actions[scope]?.formUnion(untold) }
        for scope in sealable { actions[scope]?.formUnion(Self.secure) }
        self.actions = actions
        self.model = model
        self.unpublished = Set(unpublished.map { Identifier($0.rawValue) })
    }

    /// The scopes of a server of these domains.
    public init(_ model: AccessModel, _ domains: [Domain]) {
        // Of what nobody is told, nothing can be claimed.
        let types = domains.flatMap(\.types).filter { !$0.isSecret }
        let sealable = types.filter { $0.parameters != nil && !model.scopes.unsealable.contains($0.typeName) }
        self.init(
            model, prefixes: types.map(\.typeName), sealable: sealable.map(\.typeName),
            unpublished: Set(domains.filter { !$0.isPublished }.flatMap(\.types).map(\.typeName)))
    }

    /// The names of all scopes, sorted.
    public var names: [String] { actions.keys.sorted().map(\.text) }

    /// The actions of `scope`, or nil if there is no such scope.
    public func actions(of scope: String) -> Set<Identifier>? { actions[Identifier(scope)] }

    /// Whether `scope` is an object type.
    public func isObjectType(_ scope: String) -> Bool { objectScopes.contains(Identifier(scope)) }

    /// The table that clients read: `{scope: {action: {}}}`.
    public var value: JSONValue {
        .object(
            JSONObject(
                actions.filter { !unpublished.contains($0.key) }.map { scope, actions in
                    let told = actions.subtracting(Self.untold[scope] ?? [])
                    return (scope.text, .object(JSONObject(told.map { ($0.text, JSONValue.object([:])) })))
                }))
    }
}

extension Scopes {
    /// The actions on sealed values.
    public static let secure: Set<Identifier> = ["getSecure", "updateSecure"]

    private static let usual: Set<Identifier> = ["list", "get", "create", "delete", "actions", "update", "action"]
    private static let own: Set<Identifier> = ["users", "roles", "tenants"]
    private static let added: [Identifier: Set<Identifier>] = ["users": ["token", "password"]]

    /// Actions of ours, which can be claimed and stand in no table that clients of C §11.2 read.
    private static let untold: [Identifier: Set<Identifier>] = [
        "roles": ["grant"], "system": ["backup", "actions", "action"],
    ]
}
