import JSON

/// How the rows of a query are found, and what is left to test and to sort.
struct QueryPlan {
    /// Where rows come from, in which order.
    private enum Source {
        /// All of the table, by key.
        case table
        /// The rows that an index lists under one value, by key.
        case rows(IndexedRows)
        /// All of the table, by an index's values and then by key.
        case index(SecondaryIndex)
    }

    /// The conditions that the choice of rows does not settle.
    let residual: [Filter]
    /// What to sort by; empty when rows come in the right order.
    let sort: [IndexDeclaration]
    private let source: Source

    /// Of a table, rows under one value are worth sorting only if they are at most one in so many; otherwise the sorting
    /// index is walked instead.
    private static let sortingShare = 8

    /// - Parameter candidates: the only keys whose rows count, ascending; nil if all do.
    init(_ query: ListQuery, _ table: Table, among candidates: [ByteString]? = nil) {
        let best = Self.best(Self.lookup(query, table), candidates, table)
        let isByKey = query.sort.allSatisfy { table.type.key.isKey($0) }
        let order = query.sort.count == 1 && !isByKey ? table.completeOrder(by: query.sort[0]) : nil
        let isFew = best.map { $0.rows.count * Self.sortingShare <= table.count } ?? false
        if let order, !isFew {
            source = .index(order)
            residual = query.filters
            sort = []
        } else {
            source = best.map { .rows($0.rows) } ?? .table
            residual = query.filters.enumerated().filter { $0.offset != best?.position }.map(\.element)
            sort = isByKey ? [] : query.sort
        }
    }

    /// What leaves the fewest rows: a condition's index, at that position, or the candidates.
    private static func best(
        _ found: (position: Int?, rows: IndexedRows)?, _ candidates: [ByteString]?, _ table: Table
    ) -> (position: Int?, rows: IndexedRows)? {
        guard let candidates, candidates.count < found?.rows.count ?? table.count else { return found }
        return (nil, .listed(Postings(OrderedSet(sorted: candidates))))
    }

    /// The condition whose index leaves the fewest rows.
    private static func lookup(_ query: ListQuery, _ table: Table) -> (position: Int?, rows: IndexedRows)? {
        var best: (position: Int?, rows: IndexedRows)?
        for (position, filter) in query.filters.enumerated() {
            guard let (declaration, values) = filter.lookup, let rows = rows(values, declaration, table) else {
                continue
            }
            if best.map({ rows.count < $0.rows.count }) ?? true { best = (position, rows) }
        }
        return best
    }

    /// The rows under any of some values; nil if no index tells them, or if they are so many that looking at all rows is as good.
    private static func rows(
        _ values: [ByteString], _ declaration: IndexDeclaration, _ table: Table
    ) -> IndexedRows? {
        let isKey = table.type.key.isKey(declaration)
        let index = isKey ? nil : table.index(of: declaration.source)
        guard isKey || index != nil else { return nil }
        func rows(_ value: ByteString) -> IndexedRows {
            if isKey { return .listed(table[value] == nil ? Postings() : Postings(value)) }
            return index?.rows(value, of: table.objects) ?? .listed(Postings())
        }
        if values.count == 1 { return rows(values[0]) }
        var keys: [ByteString] = []
        for value in Set(values) {
            let found = rows(value)
            guard keys.count + found.count <= table.count / sortingShare else { return nil }
            keys += found.keys(of: table.objects)
        }
        keys.sort()
        var distinct: [ByteString] = []
        for row in keys where distinct.last != row { distinct.append(row) }
        return .listed(Postings(OrderedSet(sorted: distinct)))
    }

    /// Whether nothing is left to test or to sort, so that only the page's rows are looked at.
    var isPage: Bool { residual.isEmpty && sort.isEmpty }

    /// Whether a row passes the conditions that the choice of rows does not settle.
    func passes(_ object: StoredObject, _ parameter: ((StoredObject, String) -> JSONValue?)?) -> Bool {
        residual.allSatisfy { $0.holds(of: object, parameter: parameter) }
    }

    /// The number of rows before the residual conditions.
    func count(in table: Table) -> Int {
        if case .rows(let rows) = source { return rows.count }
        return table.count
    }

    /// Visits all rows until `body` answers false, or the task is cancelled.
    ///
    /// - Parameter skipsHopeless: whether rows may be left out that do not pass the residual conditions by themselves.
    func forEachRow(
        descending: Bool, skipsHopeless: Bool, in table: Table, _ body: (StoredObject) -> Bool
    ) {
        var count = 0
        func goesOn() -> Bool {
            count &+= 1
            return count % Self.rowsBetweenLooks != 0 || !Task.isCancelled
        }
        switch source {
        case .table:
            let screen = BytePrefilter(skipsHopeless ? residual : [])
            let tree = table.objects.tree
            tree.walk(tree.ranks(from: nil, upTo: nil), descending: descending) { row in
                goesOn() && (screen.turnsAway(row) || body(row.pointee.value))
            }
        case .rows(let rows):
            rows.forEachRow(skipping: 0, descending: descending, of: table.objects) { goesOn() && body($0) }
        case .index(let index):
            index.forEachRow(descending: descending, of: table.objects) { goesOn() && body($0) }
        }
    }

    /// How many rows are visited between two looks at whether the task is cancelled.
    private static let rowsBetweenLooks = 32

    /// The rows of the query's page, where nothing is left to test or to sort.
    func page(_ query: ListQuery, in table: Table) -> [StoredObject] {
        let (skipped, descending, limit) = (query.offset, query.isReversed, query.limit ?? Int.max)
        let objects = table.objects
        switch source {
        case .table:
            let start = descending ? table.count - 1 - skipped : skipped
            return objects.values(fromRank: start, descending: descending, limit: limit)
        case .rows(let rows):
            return rows.page(skipping: skipped, descending: descending, limit: limit, of: objects)
        case .index(let index):
            return index.page(skipping: skipped, descending: descending, limit: limit, of: objects)
        }
    }
}

extension Table {
    /// The index that lists every row under exactly one value of `declaration`; nil if none is kept or rows may be missing
    /// from it.
    fileprivate func completeOrder(by declaration: IndexDeclaration) -> SecondaryIndex? {
        guard case .field(let name) = declaration.source, declaration.kind != .list, declaration.kind != .cidr,
            type.schema.field(name)?.omitsEmpty == false
        else { return nil }
        return index(of: declaration.source)
    }
}
