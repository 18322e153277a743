import Basics
import JSON

/// Walks of the rows that an index has under one value, from any key on: what lists are made of whose pages begin behind a row.
extension Snapshot {
    /// How many objects of `typeName` have the value of `source` that `text` spells; zero if no index keeps the field. O(log n).
    public func rowCount(_ typeName: TypeName, where source: IndexDeclaration.Source, spelled text: String) -> Int {
        rows(typeName, where: source, spelled: text)?.rows.count ?? 0
    }

    /// Visits the objects of `typeName` that have the value of `source` that `text` spells, in the order of keys, until
    /// `body` answers false; O(log² n) to begin.
    ///
    /// - Parameters:
    ///   - key: begin behind this key; nil to begin with the first.
    ///   - descending: whether the largest key comes first.
    public func forEachRow(
        _ typeName: TypeName, where source: IndexDeclaration.Source, spelled text: String, after key: ByteString?,
        descending: Bool = false, _ body: (StoredObject) -> Bool
    ) {
        guard let (table, rows) = rows(typeName, where: source, spelled: text) else { return }
        let skipped = key.map { rows.countPassed(by: $0, descending: descending, of: table.objects) } ?? 0
        rows.forEachRow(skipping: skipped, descending: descending, of: table.objects, body)
    }

    /// Visits all objects of `typeName` in the order of keys, until `body` answers false; O(log n) to begin.
    ///
    /// - Parameters: as of the other walk.
    public func forEachRow(
        _ typeName: TypeName, after key: ByteString?, descending: Bool = false, _ body: (StoredObject) -> Bool
    ) {
        guard let objects = self[typeName]?.objects else { return }
        guard let key else { return objects.forEach(descending: descending) { body($1) } }
        let rank = objects.rank(of: key)
        let start = descending ? rank - 1 : rank + (objects[key] == nil ? 0 : 1)
        guard objects.indices(contain: start) else { return }
        objects.forEach(fromRank: start, descending: descending) { body($1) }
    }

    private func rows(
        _ typeName: TypeName, where source: IndexDeclaration.Source, spelled text: String
    ) -> (table: Table, rows: IndexedRows)? {
        guard let table = self[typeName],
            let declaration = table.type.keptIndexes.first(where: { $0.source == source }),
            let value = IndexReader.value(ofText: text, declaration.kind),
            let rows = table.rows(where: source, is: value)
        else { return nil }
        return (table, rows)
    }
}

extension KeyedMap {
    /// Whether there is an element of this rank.
    fileprivate func indices(contain rank: Int) -> Bool { 0..<count ~= rank }
}

extension IndexedRows {
    /// How many rows a walk passes before the first one behind `key`.
    fileprivate func countPassed(by key: ByteString, descending: Bool, of objects: ObjectMap) -> Int {
        let smaller: Int
        let isRow: Bool
        switch self {
        case .listed(let postings): (smaller, isRow) = (postings.rank(of: key), postings.contains(key))
        case .unlisted(let complement): (smaller, isRow) = (complement.rank(of: key), complement.contains(key))
        }
        return descending ? count - smaller : smaller + (isRow ? 1 : 0)
    }
}

extension Postings {
    /// How many keys are less than `key`.
    fileprivate func rank(of key: ByteString) -> Int {
        switch rows {
        case .one(let only): only < key ? 1 : 0
        case .many(let keys): keys.rank(of: key)
        }
    }
}

extension Complement {
    /// How many of the rows have keys less than `key`.
    fileprivate func rank(of key: ByteString) -> Int { objects.rank(of: key) - exceptions.rank(of: key) }

    /// Whether one of the rows has `key`.
    fileprivate func contains(_ key: ByteString) -> Bool { objects[key] != nil && !exceptions.contains(key) }
}
