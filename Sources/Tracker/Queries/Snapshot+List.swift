public import JSON

/// The rows that a query selects.
public struct ListResult: Sendable {
    /// The rows of the page, in order.
    public let objects: [StoredObject]
    /// How many rows the filters let through.
    public let filteredCount: Int
    /// How many rows the asker may see at all.
    public let totalCount: Int
}

/// How many rows a query selects.
public struct ListCounts: Sendable, Hashable {
    /// How many rows the page has.
    public let pageCount: Int
    /// How many rows the filters let through.
    public let filteredCount: Int
    /// How many rows the asker may see at all.
    public let totalCount: Int
}

extension Snapshot {
    /// The rows of `typeName` that `query` selects.
    ///
    /// A condition of equality on a kept index bounds the work by its matches, and so do the keys that a visibility names; a page in
    /// the order of the key or of a kept index without further conditions costs O(page + log n); everything else reads each
    /// object's bytes once.
    ///
    /// - Parameters:
    ///   - query: filters, order and page.
    ///   - visibility: what the asker may see; nil if all.
    ///   - parameter: gives an object's value of a parameter, for filters on them; nil to take its own, without what it
    ///     inherits.
    /// - Throws: `notFound` when there is no such type, `overBudget` when a pattern takes too many steps.
    public func list(
        _ typeName: TypeName, _ query: ListQuery, visibility: RowVisibility? = nil,
        parameter: ((StoredObject, String) -> JSONValue?)? = nil
    ) throws(TrackerError) -> ListResult {
        guard let table = self[typeName] else { throw .notFound(typeName, "") }
        let total = visibility?.count(in: table) ?? table.count
        let plan = QueryPlan(query, table, among: visibility?.candidates)
        if plan.isPage, visibility == nil {
            return ListResult(
                objects: plan.page(query, in: table), filteredCount: plan.count(in: table), totalCount: total)
        }
        var matches: [StoredObject] = []
        let descending = query.isReversed && plan.sort.isEmpty
        plan.forEachRow(descending: descending, skipsHopeless: parameter == nil, in: table) { object in
            if visibility?.sees(object) ?? true, plan.passes(object, parameter) { matches.append(object) }
            return true
        }
        try query.checkPatience(typeName)
        if !plan.sort.isEmpty { Self.sort(&matches, by: plan.sort, isReversed: query.isReversed) }
        let rows = matches.dropFirst(query.offset).prefix(query.limit ?? Int.max)
        return ListResult(objects: Array(rows), filteredCount: matches.count, totalCount: total)
    }

    /// How many rows `list` would give, without getting hold of them: what indexes know is not counted again, and nothing is
    /// sorted.
    ///
    /// - Parameters: as of `list`.
    /// - Throws: as `list`.
    public func counts(
        _ typeName: TypeName, _ query: ListQuery, visibility: RowVisibility? = nil,
        parameter: ((StoredObject, String) -> JSONValue?)? = nil
    ) throws(TrackerError) -> ListCounts {
        guard let table = self[typeName] else { throw .notFound(typeName, "") }
        let total = visibility?.count(in: table) ?? table.count
        let plan = QueryPlan(query.unsorted, table, among: visibility?.candidates)
        var filtered = 0
        if plan.isPage, visibility == nil {
            filtered = plan.count(in: table)
        } else if query.filters.isEmpty {
            filtered = total
        } else {
            plan.forEachRow(descending: false, skipsHopeless: parameter == nil, in: table) { object in
                if visibility?.sees(object) ?? true, plan.passes(object, parameter) { filtered += 1 }
                return true
            }
        }
        try query.checkPatience(typeName)
        let page = min(max(0, filtered - query.offset), query.limit ?? Int.max)
        return ListCounts(pageCount: page, filteredCount: filtered, totalCount: total)
    }

    /// Whether counting what `query` selects takes no look at objects.
    public func isCounted(_ typeName: TypeName, _ query: ListQuery) -> Bool {
        self[typeName].map { QueryPlan(query.unsorted, $0).isPage } ?? true
    }

    /// Whether answering `query` looks up some hundred objects at most, and reads few bytes of them, however many there are.
    public func isBrief(_ typeName: TypeName, _ query: ListQuery) -> Bool {
        guard let table = self[typeName] else { return true }
        let plan = QueryPlan(query, table)
        let count = plan.count(in: table)
        if plan.isPage { return min(query.limit ?? count, count) <= Self.briefCount }
        guard count <= Self.briefCount else { return false }
        var bytes = 0
        plan.forEachRow(descending: false, skipsHopeless: false, in: table) { object in
            bytes += object.document.bytes.count
            return bytes <= Self.briefLength
        }
        return bytes <= Self.briefLength
    }

    private static let briefCount = 500
    private static let briefLength = 256 << 10

    private static func sort(_ rows: inout [StoredObject], by sort: [IndexDeclaration], isReversed: Bool) {
        let keyed = rows.map { row in (sort.map { $0.sortKey(of: row) } + [row.key], row) }
        let sorted = keyed.sorted { $0.0.lexicographicallyPrecedes($1.0) }
        rows = isReversed ? sorted.reversed().map(\.1) : sorted.map(\.1)
    }
}

extension IndexDeclaration {
    /// The value that a row is sorted by.
    fileprivate func sortKey(of row: StoredObject) -> ByteString {
        source == .key ? row.key : IndexReader.values(self, in: row.document).first ?? .empty
    }
}
