import Basics

/// An object while a patch changes it: what it was, and beside it the members that are not what they were.
struct PatchedObject {
    private let base: JSONObject
    private var changes: [Identifier: Change] = [:]

    /// What became of a member.
    private enum Change {
        case gone
        case value(PatchedValue)
    }

    /// An object of these members.
    init(_ base: JSONObject) { self.base = base }

    /// The value of a key; setting nil removes the member. O(log n).
    subscript(key: String) -> PatchedValue? {
        get {
            switch changes[Identifier(key)] {
            case .gone: nil
            case .value(let value): value
            case nil: base[key].map { .whole($0) }
            }
        }
        set { changes[Identifier(key)] = newValue.map { .value($0) } ?? .gone }
    }

    /// The object put together.
    func joined() -> JSONObject {
        if changes.isEmpty { return base }
        let changed = changes.map { JSONObject.Member(key: $0.key.text, value: .null) }
            .sorted { $0.precedes($1) }
        var members: [JSONObject.Member] = []
        members.reserveCapacity(base.count + changed.count)
        var rest = base.members[...]
        for member in changed {
            while let next = rest.first, next.precedes(member) {
                members.append(next)
                rest.removeFirst()
            }
            if let next = rest.first, next.hasSameKey(as: member) { rest.removeFirst() }
            if case .value(let value) = changes[Identifier(member.key)] { members.append(member.with(value.joined())) }
        }
        return JSONObject(ascending: members + rest)
    }
}
