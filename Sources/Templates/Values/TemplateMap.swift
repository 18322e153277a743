public import Basics
public import JSON

/// A map with strings as keys, which is shared by all who know it.
///
/// A map made of a JSON object converts each member when it is first asked for.
public final class TemplateMap {
    private var entries: [Identifier: TemplateValue]
    /// Members that nobody has asked for yet.
    private var pending: JSONObject

    /// The type that the values are declared with; ``GoType/any`` where they differ.
    public let element: GoType

    /// Whether it is Go's `nil` map, which JSON has as `null`; it has no entries and takes none.
    public let isNil: Bool

    /// A map of entries.
    public init(_ entries: [Identifier: TemplateValue] = [:], of element: GoType = .any) {
        self.entries = entries
        self.element = element
        isNil = false
        pending = JSONObject()
    }

    /// Go's `nil` map.
    public init(nilOf element: GoType) {
        entries = [:]
        self.element = element
        isNil = true
        pending = JSONObject()
    }

    /// A map of the members of a JSON object.
    public init(_ object: JSONObject) {
        entries = [:]
        element = .any
        isNil = false
        pending = object
    }

    /// The value of a key; nil when there is none. Setting nil removes the entry.
    public subscript(key: String) -> TemplateValue? {
        get {
            if let value = entries[Identifier(key)] { return value }
            guard !pending.isEmpty, let json = pending[key] else { return nil }
            let value = TemplateValue(json)
            entries[Identifier(key)] = value
            return value
        }
        set {
            convertAll()
            entries[Identifier(key)] = newValue
        }
    }

    /// How many entries there are.
    public var count: Int { pending.isEmpty ? entries.count : pending.count }

    /// Whether there are no entries.
    public var isEmpty: Bool { count == 0 }

    /// The keys in the order of their bytes, as Go walks a map.
    public var keys: [String] {
        pending.isEmpty ? entries.keys.sorted().map(\.text) : pending.keys
    }

    /// The entries in the order of their keys.
    public var sorted: [(key: String, value: TemplateValue)] {
        keys.map { ($0, self[$0] ?? .missing) }
    }

    /// Removes all entries, so that maps which contain each other can be freed.
    func removeAll() {
        entries = [:]
        pending = JSONObject()
    }

    private func convertAll() {
        guard !pending.isEmpty else { return }
        for member in pending.members where entries[Identifier(member.key)] == nil {
            entries[Identifier(member.key)] = TemplateValue(member.value)
        }
        pending = JSONObject()
    }
}
