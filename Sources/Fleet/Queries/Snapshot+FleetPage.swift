import Basics
import JSON
public import Tracker

/// Pages of lists (F §4, Pagination).
extension Snapshot {
    /// The page of a list that a query asks for.
    ///
    /// A list in the order of numbers, as it is by default, looks at the rows of the page and those before them that the
    /// query does not let through; any other order takes all rows that it lets through.
    ///
    /// - Parameter budget: how many bytes of rows may be looked at.
    /// - Returns: nil if that takes a look at more.
    public func page(_ query: FleetQuery, within budget: Int) -> FleetPage? {
        var rows = FleetRows(query, self, budget: budget)
        let page = query.sort.isOrderOfKeys(query.typeName) ? keyedPage(query, &rows) : sortedPage(query, &rows)
        return rows.budget >= 0 ? page : nil
    }

    /// The page of a list that a query asks for, however many rows that takes a look at.
    public func page(_ query: FleetQuery) -> FleetPage {
        page(query, within: .max) ?? FleetPage(rows: [], previousMarker: nil)
    }

    private func keyedPage(_ query: FleetQuery, _ rows: inout FleetRows) -> FleetPage {
        let limit = query.limit ?? .max
        var page: [StoredObject] = []
        if limit > 0 {
            rows.forEach(after: query.marker, descending: query.sort.isDescending) { row in
                page.append(row)
                return page.count < limit
            }
        }
        guard let marker = query.marker else { return FleetPage(rows: page, previousMarker: nil) }
        var (previous, count): (ByteString?, Int) = (nil, 0)
        rows.forEach(after: marker, descending: !query.sort.isDescending) { row in
            previous = row.key
            count += 1
            return count < limit
        }
        return FleetPage(rows: page, previousMarker: previous)
    }

    private func sortedPage(_ query: FleetQuery, _ rows: inout FleetRows) -> FleetPage {
        var keyed: [FleetSortKey] = []
        rows.forEach(after: nil, descending: false) { row in
            keyed.append(FleetSortKey(row, query.sort))
            return true
        }
        keyed.sort()
        if query.sort.isDescending { keyed.reverse() }
        let limit = query.limit ?? .max
        guard let marker = query.marker.flatMap({ self[ObjectID(query.typeName, $0)] }) else {
            return FleetPage(rows: keyed.prefix(limit).map(\.row), previousMarker: nil)
        }
        let place = FleetSortKey(marker, query.sort)
        let isBehind: (FleetSortKey) -> Bool = query.sort.isDescending ? { $0 < place } : { place < $0 }
        let start = keyed.firstIndex(where: isBehind) ?? keyed.endIndex
        let before = keyed[..<start].filter(query.sort.isDescending ? { place < $0 } : { $0 < place })
        let previous = before.suffix(limit).first?.row.key
        return FleetPage(rows: keyed[start...].prefix(limit).map(\.row), previousMarker: previous)
    }
}

/// A row and the values that it is sorted by.
private struct FleetSortKey: Comparable {
    let row: StoredObject
    private let values: [FleetSortValue]

    init(_ row: StoredObject, _ order: FleetOrder) {
        self.row = row
        values = order.columns.map { FleetSortValue(row.document.member($0)?.value() ?? .null) }
    }

    static func < (left: FleetSortKey, right: FleetSortKey) -> Bool {
        for (mine, theirs) in zip(left.values, right.values) {
            if mine < theirs { return true }
            if theirs < mine { return false }
        }
        return left.row.key < right.row.key
    }

    static func == (left: FleetSortKey, right: FleetSortKey) -> Bool { !(left < right) && !(right < left) }
}

/// A value in the order of a column: nothing first, then numbers, then texts by their bytes.
private enum FleetSortValue: Comparable {
    case none
    case number(Double)
    case text(Identifier)

    init(_ value: JSONValue) {
        switch value {
        case .number(let number): self = .number(number.doubleValue)
        case .bool(let flag): self = .number(flag ? 1 : 0)
        case .string(let text): self = .text(Identifier(text))
        default: self = .none
        }
    }
}
