public import Basics
public import JSON
public import Tracker

/// What can be claimed: scopes, and the actions of each (C §11.2).
///
/// Every object type is a scope; a few more stand for things that are not objects.
public struct Scopes: Sendable, Hashable {
    /// The actions of every scope.
    private let actions: [Identifier: Set<Identifier>]
    /// The scopes that are object types.
    private let objectScopes: Set<Identifier>
    /// The scopes that stand in no table that clients of C §11.2 read.
    private let ownScopes: Set<Identifier>

    /// The scopes of a server.
    ///
    /// - Parameters:
    ///   - prefixes: its object types; those that every server has need not be among them.
    ///   - rawTypes: the types that plug-ins declared, on which params can be sealed.
    ///   - ownTypes: types of ours, which can be claimed and are told in no table.
    public init(
        prefixes: some Sequence<TypeName>, rawTypes: some Sequence<TypeName> = EmptyCollection<TypeName>(),
        ownTypes: some Sequence<TypeName> = EmptyCollection<TypeName>()
    ) {
        let raw = Set(rawTypes.map { Identifier($0.rawValue) })
        ownScopes = Set(ownTypes.map { Identifier($0.rawValue) })
        objectScopes = raw.union(prefixes.map { Identifier($0.rawValue) }).union(Self.alwaysPresent).union(ownScopes)
        var actions = Self.others
        for scope in objectScopes {
            let told = Self.overridden[scope] ?? Self.usual.union(Self.added[scope] ?? [])
            actions[scope] = told.union(Self.untold[scope] ?? [])
        }
        for scope in raw { actions[scope]?.formUnion(Self.secure) }
        self.actions = actions
    }

    /// The scopes of a server with these object types.
    ///
    /// Params can be sealed on every type that has them, but there is no claim to that on endpoints (C §11.2).
    ///
    /// - Parameter own: types of ours, which can be claimed and are told in no table.
    public init(types: [ObjectType], own: [ObjectType] = []) {
        let withParams = types.filter { $0.traits.contains(.parameters) && $0.typeName != "endpoints" }
        self.init(prefixes: types.map(\.typeName), rawTypes: withParams.map(\.typeName),
            ownTypes: own.map(\.typeName))
    }

    /// The names of all scopes, sorted.
    public var names: [String] { actions.keys.sorted().map(\.text) }

    /// The actions of `scope`, or nil if there is no such scope.
    public func actions(of scope: String) -> Set<Identifier>? { actions[Identifier(scope)] }

    /// Whether `scope` is an object type.
    public func isObjectType(_ scope: String) -> Bool { objectScopes.contains(Identifier(scope)) }

    /// The table as `info.scopes` has it: `{scope: {action: {}}}`.
    public var value: JSONValue {
        .object(
            JSONObject(
                actions.filter { !ownScopes.contains($0.key) }.map { scope, actions in
                    let told = actions.subtracting(Self.untold[scope] ?? [])
                    return (scope.text, .object(JSONObject(told.map { ($0.text, JSONValue.object([:])) })))
                }))
    }
}

extension Scopes {
    private static let usual: Set<Identifier> = ["list", "get", "create", "delete", "actions", "update", "action"]
    private static let secure: Set<Identifier> = ["getSecure", "updateSecure"]
    private static let alwaysPresent: Set<Identifier> = ["users", "roles", "tenants", "interfaces", "plugin_providers"]

    private static let added: [Identifier: Set<Identifier>] = [
        "users": ["token", "password"],
        "jobs": ["log"],
        "machines": secure.union(["updateTaskList", "token", "whoami"]),
        "plugins": secure,
        "profiles": secure,
        "stages": secure,
    ]

    /// Actions of ours, which can be claimed and stand in no table that clients of C §11.2 read.
    private static let untold: [Identifier: Set<Identifier>] = ["roles": ["grant"]]

    private static let overridden: [Identifier: Set<Identifier>] = ["preferences": ["list", "post"]]

    private static let others: [Identifier: Set<Identifier>] = [
        "contents": ["list", "get", "create", "update", "delete"],
        "files": ["list", "get", "post", "delete"],
        "isos": ["list", "get", "post", "delete"],
        "info": ["get"],
        "system": ["upgrade", "replicate", "active", "passive"],
        "objects": ["list"],
    ]
}
