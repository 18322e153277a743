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
    /// A condition of equality on a kept index bounds the work by its matches; a page in key order without conditions costs
    /// O(page + log n); everything else reads each object's bytes once.
    ///
    /// - Parameters:
    ///   - query: filters, order and page.
    ///   - isVisible: whether the asker may see an object; nil if all.
    ///   - parameter: gives an object's value of a param, for filters on params.
    /// - Throws: `notFound` when there is no such type.
    public func list(
        _ prefix: Prefix, _ query: ListQuery, isVisible: ((StoredObject) -> Bool)? = nil,
        parameter: (StoredObject, String) -> JSONValue? = Snapshot.ownParameter
    ) throws(TrackerError) -> ListResult {
        guard let table = self[prefix] else { throw .notFound(prefix, "") }
        var page = Page(query)
        let total =
            isVisible.map { isVisible in table.objects.reduce(0) { $0 + (isVisible($1.1) ? 1 : 0) } } ?? table.count
        let plan = QueryPlan(query, table)
        let residual = plan.residual
        if residual.isEmpty, isVisible == nil, plan.sort == nil {
            plan.rows(from: query.offset, descending: query.isReversed, in: table) { page.take($0) }
            return ListResult(objects: page.rows, filteredCount: plan.count(in: table), totalCount: total)
        }
        var matches: [StoredObject] = []
        plan.rows(from: 0, descending: query.isReversed && plan.sort == nil, in: table) { object in
            let passes =
                (isVisible?(object) ?? true)
                && residual.allSatisfy { $0.holds(of: object, parameter: parameter) }
            if passes { matches.append(object) }
            return true
        }
        if let sort = plan.sort { Self.sort(&matches, by: sort, isReversed: query.isReversed) }
        let rows = matches.dropFirst(query.offset).prefix(query.limit ?? Int.max)
        return ListResult(objects: Array(rows), filteredCount: matches.count, totalCount: total)
    }

    /// An object's own value of a param, without what it inherits.
    public static let ownParameter: @Sendable (StoredObject, String) -> JSONValue? = { object, name in
        object.document.member(at: ["Params", name])?.value()
    }

    private static func sort(_ rows: inout [StoredObject], by sort: [IndexDeclaration], isReversed: Bool) {
        let keyed = rows.map { row in (sort.map { $0.sortKey(of: row) } + [row.key], row) }
        let sorted = keyed.sorted { $0.0.lexicographicallyPrecedes($1.0) }
        rows = isReversed ? sorted.reversed().map(\.1) : sorted.map(\.1)
    }
}

/// How the rows of a query are found: from one index or from the whole table, and what is left to test on each.
private struct QueryPlan {
    /// The keys that the chosen condition selects; nil for the whole table.
    let postings: Postings?
    /// The conditions that the choice of rows does not settle.
    let residual: [Filter]
    /// What to sort by; nil when rows come in the right order.
    let sort: [IndexDeclaration]?

    init(_ query: ListQuery, _ table: Table) {
        var best: (position: Int, postings: Postings)?
        for (position, filter) in query.filters.enumerated() {
            guard let (declaration, value) = filter.lookup, let index = table.index(of: declaration.source) else {
                continue
            }
            let postings = index[value] ?? Postings()
            if best.map({ postings.count < $0.postings.count }) ?? true { best = (position, postings) }
        }
        postings = best?.postings
        residual = query.filters.enumerated().filter { $0.offset != best?.position }.map(\.element)
        let isByKey = query.sort.allSatisfy { $0.source == .key || $0.source == .field(table.type.key.field) }
        sort = isByKey ? nil : query.sort
    }

    func count(in table: Table) -> Int { postings?.count ?? table.count }

    func rows(
        from rank: Int, descending: Bool, in table: Table, _ body: (StoredObject) -> Bool
    ) {
        let start = descending ? count(in: table) - 1 - rank : rank
        guard let postings else {
            return table.objects.forEach(fromRank: start, descending: descending) { body($1) }
        }
        postings.forEach(fromRank: start, descending: descending) { key in table[key].map(body) ?? true }
    }
}

/// The rows of one page while they are collected.
private struct Page {
    private(set) var rows: [StoredObject] = []
    private let limit: Int

    init(_ query: ListQuery) { limit = query.limit ?? Int.max }

    /// Adds a row.
    ///
    /// - Returns: whether the page wants more.
    mutating func take(_ row: StoredObject) -> Bool {
        guard rows.count < limit else { return false }
        rows.append(row)
        return rows.count < limit
    }
}

extension IndexDeclaration {
    /// The value that a row is sorted by.
    fileprivate func sortKey(of row: StoredObject) -> ByteString {
        source == .key ? row.key : IndexReader.values(self, in: row.document).first ?? .empty
    }
}
