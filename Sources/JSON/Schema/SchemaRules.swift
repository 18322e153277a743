import Basics

/// One compiled subschema. A class, so that a validator deep in a value does not carry copies of its rules on the stack.
final class SchemaNode: Sendable {
    let rules: SchemaRules
    /// How much there is to compare with in `const` and `enum`.
    let choiceWeight: Int

    init(_ rules: SchemaRules) {
        self.rules = rules
        choiceWeight = rules.enumeration.reduce(rules.constant?.weight ?? 0) { $0 + $1.weight }
    }
}

/// What a subschema demands, with numbers of nodes where it refers to other subschemas.
struct SchemaRules: Sendable {
    /// What may follow the described items, or be a member beside the described properties.
    enum Additional: Sendable {
        case allowed, forbidden
        case schema(Int)
    }

    enum Items: Sendable {
        case any
        case every(Int)
        case each([Int])
    }

    enum Dependency: Sendable {
        case properties([String])
        case schema(Int)
    }

    /// Where `$ref` leads; everything beside it is ignored.
    var reference: Int?

    var types: [SchemaType] = []
    var constant: JSONValue?
    var enumeration: [JSONValue] = []

    var multipleOf: JSONNumber?
    var minimum: JSONNumber?
    var maximum: JSONNumber?
    var exclusiveMinimum: JSONNumber?
    var exclusiveMaximum: JSONNumber?

    var minLength: Int?
    var maxLength: Int?
    var pattern: LinearRegex?
    var format: SchemaFormat?

    var items: Items = .any
    var additionalItems: Additional = .allowed
    var minItems: Int?
    var maxItems: Int?
    var uniqueItems = false
    var contains: Int?

    var properties = SchemaProperties()
    var patternProperties: [(pattern: LinearRegex, node: Int)] = []
    var additionalProperties: Additional = .allowed
    var propertyNames: Int?
    var required: [String] = []
    var minProperties: Int?
    var maxProperties: Int?
    var dependencies: [(key: String, dependency: Dependency)] = []

    var allOf: [Int] = []
    var anyOf: [Int] = []
    var oneOf: [Int] = []
    var not: Int?
    var condition: Int?
    var consequence: Int?
    var alternative: Int?

    /// The schemas this one applies to the very value it is applied to.
    var sameValueNodes: [Int] {
        let single = [reference, not, condition, consequence, alternative].compactMap(\.self)
        let dependent = dependencies.compactMap { _, dependency in
            if case .schema(let node) = dependency { node } else { nil }
        }
        return single + dependent + allOf + anyOf + oneOf
    }
}

/// The nodes of `properties`, found by key.
struct SchemaProperties: Sendable, Sequence {
    /// In the order of their keys' bytes.
    private var members: [(key: String, node: Int)] = []

    /// How many there are.
    var count: Int { members.count }

    /// Adds a property whose key sorts behind all others.
    mutating func append(_ key: String, _ node: Int) { members.append((key, node)) }

    func contains(_ key: String) -> Bool {
        var rest = members[...]
        while !rest.isEmpty {
            let middle = (rest.startIndex + rest.endIndex) / 2
            let order = rest[middle].key.compareUTF8(to: key)
            if order == 0 { return true }
            rest = order < 0 ? rest[(middle + 1)...] : rest[..<middle]
        }
        return false
    }

    func makeIterator() -> IndexingIterator<[(key: String, node: Int)]> { members.makeIterator() }
}
