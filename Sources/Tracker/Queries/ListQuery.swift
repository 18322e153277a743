import Basics
import JSON

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

    /// The query that arguments mean, as the type's domain spells them.
    ///
    /// - Parameters:
    ///   - arguments: names and values, decoded, in their order.
    ///   - type: the type whose list is asked for.
    /// - Throws: `badQuery` with the sentences of C §7.2.
    public init(arguments: [(name: String, value: String)], type: ObjectType) throws(TrackerError) {
        let (page, reserved) = (type.conventions.filters.page, type.conventions.filters.reserved)
        for (name, value) in arguments {
            if name.hasSameUTF8(as: page.limit) {
                limit = try Self.count(value, name, type)
            } else if name.hasSameUTF8(as: page.offset) {
                offset = try Self.count(value, name, type) ?? 0
            } else if name.hasSameUTF8(as: page.reverse) {
                isReversed = value == "true" || value.isEmpty
            } else if name.hasSameUTF8(as: page.sort) {
                sort.append(try Self.sortIndex(value, type))
            } else if !reserved.contains(Identifier(name)) {
                filters += try Filter.all(name, value, type: type)
            }
        }
    }

    private static func count(_ text: String, _ name: String, _ type: ObjectType) throws(TrackerError) -> Int? {
        if text.isEmpty { return nil }
        guard let number = Int(text) else {
            throw TrackerError(.badQuery, type.typeName, type.text(.badCount(argument: name, text: text)))
        }
        guard number >= 0 else {
            throw TrackerError(.badQuery, type.typeName, type.text(.negativeCount(argument: name)))
        }
        return number
    }

    private static func sortIndex(_ name: String, _ type: ObjectType) throws(TrackerError) -> IndexDeclaration {
        guard let index = type.queryIndex(named: name) else {
            throw TrackerError(.badQuery, type.typeName, type.text(.unknownIndex(name)))
        }
        guard !index.isUnordered, index.kind != .list else {
            throw TrackerError(.badQuery, type.typeName, type.text(.unsortableIndex(name)))
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

/// What an asker may see of the objects of one type.
public struct RowVisibility {
    /// The keys of all that may be seen, and perhaps of more, in ascending order; nil if that can be anything.
    public let candidates: [ByteString]?
    /// Whether an object is seen.
    public let sees: (StoredObject) -> Bool

    /// The sight of whoever sees what passes `sees`.
    ///
    /// - Parameter candidates: the only keys that can, ascending, where they are known: then no others are looked at.
    public init(candidates: [ByteString]? = nil, _ sees: @escaping (StoredObject) -> Bool) {
        self.candidates = candidates
        self.sees = sees
    }

    /// How many objects of a table are seen.
    public func count(in table: Table) -> Int {
        if let candidates { return table.objects.values(of: candidates).count(where: sees) }
        var count = 0
        table.objects.forEach { _, object in
            if sees(object) { count += 1 }
            return true
        }
        return count
    }
}
