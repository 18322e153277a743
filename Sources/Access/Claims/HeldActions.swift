import Basics
import JSON

/// The actions that one claim grants in one scope, made ready to be asked whether they cover another.
struct HeldActions: Sendable {
    private var actions: Set<Identifier> = []
    private var verbs: Set<Identifier> = []
    /// What `update:` is granted of, where that is not all.
    private var parts = PointerTree()

    /// Adds an action: `get`, `update:/Name`.
    mutating func insert(_ action: Identifier) {
        guard actions.insert(action).inserted else { return }
        verbs.insert(Identifier(Claim.verb(of: action.text)))
        if let pointer = Self.pointer(of: action.text) { parts.insert(pointer) }
    }

    /// Whether one of `verbs` is among them, in whatever detail.
    func names(_ verbs: Set<Identifier>) -> Bool { !self.verbs.isDisjoint(with: verbs) }

    /// Whether they cover `action` in `scope`: it is one of them, or part of one (C §11.2). Takes time in proportion to the
    /// action's length, however deep its pointer.
    ///
    /// - Parameter memberActions: the actions that cover changes of one member.
    func cover(
        _ action: String, in scope: String, _ memberActions: [ScopeDeclarations.MemberAction]
    ) -> Bool {
        if actions.contains(Identifier(action)) { return true }
        guard let colon = action.firstByteIndex(of: ":") else { return false }
        switch action[..<colon] {
        case "action": return actions.contains("action")
        case "update":
            guard let pointer = Self.pointer(of: action) else { return false }
            if actions.contains("update") || parts.leads(to: pointer) { return true }
            return memberActions.contains { covering in
                let member = "/\(covering.member)"
                return covering.scope.hasSameUTF8(as: scope) && actions.contains(Identifier(covering.action))
                    && (pointer.hasSameUTF8(as: member) || pointer.hasBytePrefix("\(member)/"))
            }
        default: return false
        }
    }

    /// The pointer of `update:/Pointer`, empty of `update:`; nil if there is none.
    private static func pointer(of action: String) -> Substring? {
        let verb = "update:"
        guard action.hasBytePrefix(verb) else { return nil }
        let pointer = action[action.utf8.index(action.startIndex, offsetBy: verb.utf8.count)...]
        return pointer.isEmpty || pointer.hasBytePrefix("/") ? pointer : nil
    }
}

/// Pointers, told apart token by token, so that those which lead to a place are found in one walk.
private struct PointerTree: Sendable {
    private struct Edge: Hashable {
        let node: Int
        let token: Identifier
    }

    /// Where a token leads from a node; the root is node 0. All in one table, since pointers may be deep.
    private var edges: [Edge: Int] = [:]
    /// The nodes at which a pointer ends.
    private var ends: Set<Int> = []

    mutating func insert(_ pointer: Substring) {
        var node = 0
        var rest = pointer
        while let token = Self.next(in: &rest) {
            let edge = Edge(node: node, token: token)
            node = edges[edge] ?? edges.count + 1
            edges[edge] = node
        }
        ends.insert(node)
    }

    /// Whether one of them is `pointer` or leads to something around it.
    func leads(to pointer: Substring) -> Bool {
        if ends.isEmpty { return false }
        var node = 0
        var rest = pointer
        while !ends.contains(node) {
            guard let token = Self.next(in: &rest), let next = edges[Edge(node: node, token: token)] else {
                return false
            }
            node = next
        }
        return true
    }

    /// Takes the first token, with the slash before it, off a pointer; nil if none is left.
    private static func next(in rest: inout Substring) -> Identifier? {
        guard !rest.isEmpty else { return nil }
        let start = rest.utf8.index(after: rest.startIndex)
        let end = rest.utf8[start...].firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
        defer { rest = rest[end...] }
        return Identifier(String(rest[start..<end]))
    }
}
