import Basics
import JSON
import Tracker

/// The rows that a query lets through, in the order of their keys.
struct FleetRows {
    private let query: FleetQuery
    private let snapshot: Snapshot
    private var searches: [VariableSearch]
    private var source = Source.table
    /// How many bytes of rows may still be looked at.
    private(set) var budget: Int

    /// Where rows are looked for.
    private enum Source {
        /// In all of the table.
        case table
        /// Among those that an index has under the value of a condition.
        case index(FleetQuery.Condition)
        /// Among these, ascending.
        case keys([ByteString])
    }

    /// - Parameter budget: how many bytes of rows may be looked at.
    init(_ query: FleetQuery, _ snapshot: Snapshot, budget: Int) {
        (self.query, self.snapshot, self.budget) = (query, snapshot, budget)
        searches = query.variables.map { condition in
            VariableSearch(condition, snapshot, query.typeName, isInherited: query.countsInherited)
        }
        source = chosenSource()
    }

    /// Visits the rows behind a key until `body` answers false, or the budget is spent.
    mutating func forEach(after key: ByteString?, descending: Bool, _ body: (StoredObject) -> Bool) {
        var copy = self
        func visit(_ row: StoredObject) -> Bool {
            copy.budget -= row.document.bytes.count
            guard copy.budget >= 0 else { return false }
            return copy.passes(row) ? body(row) : true
        }
        switch source {
        case .table: snapshot.forEachRow(query.typeName, after: key, descending: descending, visit)
        case .index(let condition):
            snapshot.forEachRow(
                query.typeName, where: .field(condition.field), spelled: condition.value.keyText, after: key,
                descending: descending, visit)
        case .keys(let keys):
            for key in Self.keys(keys, behind: key, descending: descending) {
                guard let row = snapshot[ObjectID(query.typeName, key)] else { continue }
                guard visit(row) else { break }
            }
        }
        (searches, budget) = (copy.searches, copy.budget)
    }

    /// The cheapest way to the rows: few that variables point to, or those of the rarest value, or all.
    private mutating func chosenSource() -> Source {
        if let ancestor = query.ancestor {
            let key = snapshot.catalog.id(FleetTypes.devices, String(ancestor)).key
            return .keys((snapshot.descendants(of: key) ?? []).sorted())
        }
        if let id = query.conditions.first(where: { $0.field.hasSameUTF8(as: "id") }) {
            return .keys([snapshot.catalog.id(query.typeName, id.value.keyText).key])
        }
        var (source, count) = (Source.table, snapshot[query.typeName]?.count ?? 0)
        for condition in query.conditions where isIndexed(condition.field) {
            let rows = snapshot.rowCount(
                query.typeName, where: .field(condition.field), spelled: condition.value.keyText)
            if rows < count { (source, count) = (.index(condition), rows) }
        }
        for position in searches.indices {
            // Who has little time looks for few.
            let most = budget == .max ? max(Self.fewCandidates, count / 8) : Self.fewCandidates
            let limit = min(count, most)
            guard let keys = searches[position].candidates(fewerThan: limit) else { continue }
            (source, count) = (.keys(keys), keys.count)
        }
        return source
    }

    /// So many rows are looked up one by one without a thought.
    private static let fewCandidates = 200

    private func isIndexed(_ field: String) -> Bool {
        snapshot.catalog[query.typeName]?.indexes.contains { $0.name.hasSameUTF8(as: field) } ?? false
    }

    private mutating func passes(_ row: StoredObject) -> Bool {
        for condition in query.conditions where !condition.holds(of: row) { return false }
        if let pattern = query.likeName, !LikePattern.matches(row.document.member("name")?.string ?? "", pattern) {
            return false
        }
        for position in searches.indices where !searches[position].holds(of: row) { return false }
        return true
    }

    /// The keys behind one of them, which need not be there, in either direction.
    private static func keys(
        _ keys: [ByteString], behind key: ByteString?, descending: Bool
    ) -> [ByteString] {
        guard let key else { return descending ? keys.reversed() : keys }
        return descending ? keys.filter { $0 < key }.reversed() : keys.filter { key < $0 }
    }
}

extension FleetQuery.Condition {
    /// Whether the field of a row has the value, or holds it.
    func holds(of row: StoredObject) -> Bool {
        guard let found = row.document.member(field) else { return false }
        return found.kind == .array ? found.elements.contains { $0.equals(value) } : found.equals(value)
    }
}

/// SQL's `LIKE`: `%` stands for any text, `_` for any one character.
enum LikePattern {
    /// Whether `text` is like `pattern`; takes time in proportion to the product of their lengths at the most.
    static func matches(_ text: String, _ pattern: String) -> Bool {
        let (text, pattern) = (Array(text.unicodeScalars), Array(pattern.unicodeScalars))
        var (place, sign) = (0, 0)
        // Where the last `%` was, and how much of the text it stands for so far.
        var (star, mark): (Int?, Int) = (nil, 0)
        while place < text.count {
            if sign < pattern.count, pattern[sign] == "%" {
                (star, mark) = (sign, place)
                sign += 1
            } else if sign < pattern.count, pattern[sign] == "_" || pattern[sign] == text[place] {
                place += 1
                sign += 1
            } else if let last = star {
                mark += 1
                (sign, place) = (last + 1, mark)
            } else {
                return false
            }
        }
        return pattern[sign...].allSatisfy { $0 == "%" }
    }
}
