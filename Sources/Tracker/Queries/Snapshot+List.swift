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

extension Snapshot {
    /// The rows of `prefix` that `query` selects.
    ///
    /// A condition of equality on a kept index bounds the work by its matches; a page in the order of the key or of a kept
    /// index without further conditions costs O(page + log n); everything else reads each object's bytes once.
    ///
    /// - Parameters:
    ///   - query: filters, order and page.
    ///   - isVisible: whether the asker may see an object; nil if all.
    ///   - parameter: gives an object's value of a param, for filters on params; nil to take its own, without what it
    ///     inherits.
    /// - Throws: `notFound` when there is no such type.
    public func list(
        _ prefix: Prefix, _ query: ListQuery, isVisible: ((StoredObject) -> Bool)? = nil,
        parameter: ((StoredObject, String) -> JSONValue?)? = nil
    ) throws(TrackerError) -> ListResult {
        guard let table = self[prefix] else { throw .notFound(prefix, "") }
        let total = isVisible.map { table.objects.count(where: $0) } ?? table.count
        let plan = QueryPlan(query, table)
        if plan.isPage, isVisible == nil {
            return ListResult(
                objects: plan.page(query, in: table), filteredCount: plan.count(in: table), totalCount: total)
        }
        var matches: [StoredObject] = []
        let descending = query.isReversed && plan.sort.isEmpty
        plan.forEachRow(descending: descending, skipsHopeless: parameter == nil, in: table) { object in
            if isVisible?(object) ?? true, plan.passes(object, parameter) { matches.append(object) }
            return true
        }
        if !plan.sort.isEmpty { Self.sort(&matches, by: plan.sort, isReversed: query.isReversed) }
        let rows = matches.dropFirst(query.offset).prefix(query.limit ?? Int.max)
        return ListResult(objects: Array(rows), filteredCount: matches.count, totalCount: total)
    }

    /// Whether answering `query` looks at some hundred objects at most, however many there are.
    public func isBrief(_ prefix: Prefix, _ query: ListQuery) -> Bool {
        guard let table = self[prefix] else { return true }
        let plan = QueryPlan(query, table)
        let count = plan.count(in: table)
        return min(plan.isPage ? query.limit ?? count : count, count) <= Self.briefCount
    }

    private static let briefCount = 500

    private static func sort(_ rows: inout [StoredObject], by sort: [IndexDeclaration], isReversed: Bool) {
        let keyed = rows.map { row in (sort.map { $0.sortKey(of: row) } + [row.key], row) }
        let sorted = keyed.sorted { $0.0.lexicographicallyPrecedes($1.0) }
        rows = isReversed ? sorted.reversed().map(\.1) : sorted.map(\.1)
    }
}

extension ObjectMap {
    /// How many objects pass.
    fileprivate func count(where passes: (StoredObject) -> Bool) -> Int {
        var count = 0
        forEach { _, object in
            if passes(object) { count += 1 }
            return true
        }
        return count
    }
}

extension IndexDeclaration {
    /// The value that a row is sorted by.
    fileprivate func sortKey(of row: StoredObject) -> ByteString {
        source == .key ? row.key : IndexReader.values(self, in: row.document).first ?? .empty
    }
}
