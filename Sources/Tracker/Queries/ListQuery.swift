public import JSON

/// What a client asks of a list: which rows, in which order, and which part of them (C §7.2).
public struct ListQuery: Sendable {
    /// All must hold.
    public var filters: [Filter] = []
    /// What to sort by; empty means by key.
    public var sort: [IndexDeclaration] = []
    /// Last row first.
    public var isReversed = false
    /// Rows to skip after filter and sort.
    public var offset = 0
    /// The most rows to give; nil for all.
    public var limit: Int?

    /// All rows by key.
    public init() {}

    /// The same rows in any order.
    var unsorted: ListQuery {
        var query = self
        query.sort = []
        return query
    }

    /// Arguments that are never filters (C §7.2), in exactly this case: `token` is a credential, `Token` an index.
    public static let reservedArguments: Set<Identifier> = [
        "limit", "offset", "sort", "reverse", "slim", "params", "decode", "filter", "raw", "group-by", "range-only",
        "aggregate", "expand", "commented", "reduced", "exclude-self", "force",
        "revision", "at", "token",
    ]

    /// The query that a URL's arguments mean.
    ///
    /// - Parameters:
    ///   - arguments: names and values, decoded, in their order.
    ///   - type: the type whose list is asked for.
    /// - Throws: `badQuery` with the sentences of C §7.2.
    public init(arguments: [(name: String, value: String)], type: ObjectType) throws(TrackerError) {
        for (name, value) in arguments {
            switch name {
            case "limit": limit = try Self.count(value, "Limit", type)
            case "offset": offset = try Self.count(value, "Offset", type) ?? 0
            case "reverse": isReversed = value == "true" || value.isEmpty
            case "sort": sort.append(try Self.sortIndex(value, type))
            case _ where Self.reservedArguments.contains(Identifier(name)): break
            default: filters += try Filter.all(name, value, type: type)
            }
        }
    }

    private static func count(_ text: String, _ name: String, _ type: ObjectType) throws(TrackerError) -> Int? {
        if text.isEmpty { return nil }
        guard let number = Int(text) else {
            throw TrackerError(.badQuery, type.typeName, "\(name) must be a whole number, not `\(text)`")
        }
        guard number >= 0 else { throw TrackerError(.badQuery, type.typeName, "\(name) cannot be negative") }
        return number
    }

    private static func sortIndex(_ name: String, _ type: ObjectType) throws(TrackerError) -> IndexDeclaration {
        guard let index = type.queryIndex(named: name) else {
            throw TrackerError(.badQuery, type.typeName, "No such index: \(name)")
        }
        guard !index.isUnordered, index.kind != .list else {
            throw TrackerError(.badQuery, type.typeName, "Not sortable: \(name)")
        }
        return index
    }
}

extension ListQuery {
    /// Refuses an answer for which a pattern would have had to take more steps than it may.
    ///
    /// - Throws: `overBudget`.
    func checkPatience(_ typeName: TypeName) throws(TrackerError) {
        guard filters.contains(where: { $0.pattern?.isExhausted == true }) else { return }
        throw FilterPattern.budget.exceeded(typeName)
    }
}

extension ObjectType {
    /// Whether an index has the elements of a list, or the names of a map's members.
    func isList(_ index: IndexDeclaration) -> Bool {
        if index.kind == .list { return true }
        guard case .field(let name) = index.source, case .list = schema.field(name)?.shape else { return false }
        return true
    }

    /// What `name` means in a query: an index, or else a field, read from the objects themselves.
    func queryIndex(named name: String) -> IndexDeclaration? {
        if let index = index(named: name) { return index }
        guard let position = schema.position(of: name)?.index else { return nil }
        let field = schema.fields[position]
        if field.isHidden { return nil }
        return IndexDeclaration(field.name, field.shape.indexKind, hasRegex: field.shape.indexKind == .string)
    }
}

extension FieldType {
    /// How values of the shape compare in queries.
    fileprivate var indexKind: IndexDeclaration.Kind {
        switch self {
        case .string, .bytes, .any: .string
        case .boolean: .boolean
        case .integer, .byte: .integer
        case .time: .time
        case .address: .address
        case .hardwareAddress, .list(.hardwareAddress): .hardwareAddress
        case .uuid: .uuid
        case .list, .map, .record: .list
        }
    }
}
