/// The rows that an index has under one value, in the order of their keys.
enum IndexedRows: Sendable {
    /// Keys that the index lists.
    case listed(Postings)
    /// All rows of the table but some.
    case unlisted(Complement)

    /// The number of rows.
    var count: Int {
        switch self {
        case .listed(let postings): postings.count
        case .unlisted(let complement): complement.count
        }
    }

    /// The least key, if there is one.
    var first: ByteString? {
        switch self {
        case .listed(let postings): return postings.first
        case .unlisted(let complement):
            var first: ByteString?
            complement.forEachRow(skipping: 0, descending: false) { row in
                first = row.key
                return false
            }
            return first
        }
    }

    /// The keys in ascending order.
    func keys(of objects: ObjectMap) -> [ByteString] {
        var keys: [ByteString] = []
        keys.reserveCapacity(count)
        switch self {
        case .listed(let postings):
            postings.forEach { key in
                keys.append(key)
                return true
            }
        case .unlisted(let complement):
            complement.forEachRow(skipping: 0, descending: false) { row in
                keys.append(row.key)
                return true
            }
        }
        return keys
    }

    /// Visits the rows in ascending or descending order of keys until `body` answers false; O(log n) to begin.
    ///
    /// - Parameters:
    ///   - count: how many rows to skip.
    ///   - objects: all rows of the table.
    func forEachRow(
        skipping count: Int, descending: Bool, of objects: ObjectMap, _ body: (StoredObject) -> Bool
    ) {
        switch self {
        case .listed(let postings):
            let start = descending ? postings.count - 1 - count : count
            postings.forEach(fromRank: start, descending: descending) { key in objects[key].map(body) ?? true }
        case .unlisted(let complement): complement.forEachRow(skipping: count, descending: descending, body)
        }
    }
}

extension IndexedRows {
    /// Up to `limit` rows after the first `count`; what `forEachRow` visits.
    func page(
        skipping count: Int, descending: Bool, limit: Int, of objects: ObjectMap
    ) -> [StoredObject] {
        guard limit > 0 else { return [] }
        var page: [StoredObject] = []
        switch self {
        case .listed(let postings):
            let start = descending ? postings.count - 1 - count : count
            var keys: [ByteString] = []
            postings.forEach(fromRank: start, descending: descending) { key in
                keys.append(key)
                return keys.count < limit
            }
            page = objects.values(of: keys)
        case .unlisted(let complement) where complement.isWhole:
            let start = descending ? objects.count - 1 - count : count
            return objects.values(fromRank: start, descending: descending, limit: limit)
        case .unlisted(let complement):
            complement.forEachRow(skipping: count, descending: descending) { row in
                page.append(row)
                return page.count < limit
            }
        }
        return page
    }
}

/// The rows of a table without some of them.
struct Complement: Sendable {
    let objects: ObjectMap
    let exceptions: OrderedSet

    /// The rows of `objects` whose keys are not among `exceptions`, each of which is the key of a row.
    init(of exceptions: OrderedSet, in objects: ObjectMap) {
        self.objects = objects
        self.exceptions = exceptions
    }

    /// The number of rows.
    var count: Int { objects.count - exceptions.count }

    /// Whether these are all rows of the table.
    var isWhole: Bool { exceptions.isEmpty }

    /// Visits the rows in ascending or descending order of keys until `body` answers false; O(log² n) to begin.
    ///
    /// - Parameter count: how many rows to skip.
    func forEachRow(skipping count: Int, descending: Bool, _ body: (StoredObject) -> Bool) {
        let first = descending ? self.count - 1 - count : count
        guard 0..<self.count ~= first else { return }
        // Among many exceptions, stepping over each would take longer than finding the next row.
        guard exceptions.count <= self.count else {
            var position = first
            while 0..<self.count ~= position, body(objects.element(at: rank(of: position)).value) {
                position += descending ? -1 : 1
            }
            return
        }
        objects.forEach(fromRank: rank(of: first), descending: descending) { key, row in
            exceptions.contains(key) || body(row)
        }
    }

    /// The rank among all objects of the row that has `position` smaller ones here.
    private func rank(of position: Int) -> Int {
        if exceptions.isEmpty { return position }
        var low = position
        var high = position + exceptions.count
        while low < high {
            let middle = (low + high) / 2
            let key = objects.element(at: middle).key
            let ours = middle + 1 - exceptions.rank(of: key) - (exceptions.contains(key) ? 1 : 0)
            if ours > position { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
