import Basics
public import JSON

/// A right: actions in scopes on specific things, each a `*` or a comma-separated list (C §11.2).
public struct Claim: Sendable, Hashable, CustomStringConvertible {
    /// Object types and other scopes: `users`, `*`, `users,roles`.
    public var scope: String
    /// Actions: `get`, `update:/Roles`, `action:reboot`, `*`.
    public var action: String
    /// Keys of objects: `*`, `a,b`; empty where the action is on none in particular, as `list` is.
    public var specific: String

    /// A right.
    public init(_ scope: String, _ action: String, _ specific: String = "") {
        self.scope = scope
        self.action = action
        self.specific = specific
    }

    /// The right to everything.
    public static let everything = Claim("*", "*", "*")

    /// `users get Name:bob`, as refusals name it.
    public var description: String { "\(scope) \(action) \(specific)" }
}

extension Claim {
    /// The claim of a JSON object with the members `scope`, `action` and `specific`; what is missing is empty.
    public init(_ object: JSONObject) {
        self.init(object.text("scope"), object.text("action"), object.text("specific"))
    }

    /// The claims of a JSON list; what is not an object is left out.
    public static func list(_ value: JSONValue?) -> [Claim] {
        (value?.arrayValue ?? []).compactMap(\.objectValue).map { Claim($0) }
    }

    /// The claim as JSON.
    public var value: JSONValue {
        ["scope": .string(scope), "action": .string(action), "specific": .string(specific)]
    }

    /// What in the claim names nothing that exists, one sentence each (C §5.1).
    ///
    /// An action on the scope `*` has to exist in some scope, and is then claimed where it exists.
    public func problems(in scopes: Scopes) -> [String] {
        let actions = action == "*" ? [] : Self.items(action)
        let named = scope == "*" ? scopes.names : Self.items(scope)
        var problems = named.filter { scopes.actions(of: $0) == nil }.map { "No such scope '\($0)'" }
        let known = named.compactMap { scopes.actions(of: $0) }
        for action in actions {
            let verb = Identifier(Self.verb(of: action))
            let exists = scope == "*" ? known.contains { $0.contains(verb) } : known.allSatisfy { $0.contains(verb) }
            if !exists { problems.append("No such action '\(action)'") }
        }
        return problems
    }

    /// The items of a comma-separated list, without the blanks around them, each once.
    static func items(_ list: String) -> [String] {
        guard list.utf8.contains(UInt8(ascii: ",")) else { return [trimmed(list[...])] }
        var seen: Set<Identifier> = []
        return list.parts(between: ",").map(trimmed).filter { seen.insert(Identifier($0)).inserted }
    }

    /// The action before its detail: `update` of `update:/Roles`.
    static func verb(of action: String) -> String {
        action.firstByteIndex(of: ":").map { String(action[..<$0]) } ?? action
    }

    private static func trimmed(_ item: Substring) -> String {
        let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        let head = item.utf8.drop(while: isBlank)
        guard let last = head.lastIndex(where: { !isBlank($0) }) else { return "" }
        return String(Substring(head[...last]))
    }
}

extension Claim {
    /// Whether both say the same in the same bytes.
    public static func == (left: Claim, right: Claim) -> Bool {
        left.scope.hasSameUTF8(as: right.scope) && left.action.hasSameUTF8(as: right.action)
            && left.specific.hasSameUTF8(as: right.specific)
    }

    /// Feeds what equality compares.
    public func hash(into hasher: inout Hasher) {
        for part in [scope, action, specific] { hasher.combine(Identifier(part)) }
    }
}
