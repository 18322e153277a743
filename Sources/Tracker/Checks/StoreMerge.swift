import Basics

/// Some objects of a type, compared with what the store has in the same range of keys, in the order of keys.
struct StoreMerge {
    private let typeName: TypeName
    private let rows: [StoredObject]
    private let pending: Set<ObjectID>
    /// How many of the objects have been looked at.
    private(set) var count = 0
    private(set) var differences: [String] = []

    /// - Parameters:
    ///   - rows: in the order of their keys.
    ///   - pending: what must not be compared.
    init(_ typeName: TypeName, _ rows: [StoredObject], _ pending: Set<ObjectID>) {
        (self.typeName, self.rows, self.pending) = (typeName, rows, pending)
    }

    /// Takes the next entry of the store.
    mutating func take(_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        while count < rows.count {
            let order = rows[count].key.withUnsafeBytes { $0.compareBytes(to: key) }
            if order > 0 { break }
            if order == 0 { return take(rows[count], value) }
            pass(rows[count])
        }
        differences.append("\(ObjectID(typeName, ByteString(key))) is in the store and not in memory")
    }

    /// Looks at the objects that are left, up to those with `end` or a later key.
    mutating func finish(before end: ByteString?) {
        while count < rows.count, end.map({ rows[count].key < $0 }) ?? true { pass(rows[count]) }
    }

    private mutating func take(_ row: StoredObject, _ value: UnsafeRawBufferPointer) {
        count += 1
        if row.isFromPack {
            differences.append("\(ObjectID(typeName, row.key)) is in the store and not in memory")
        } else if !StoreLayout.isValue(value, of: row) {
            complain(of: row)
        }
    }

    /// Goes past an object that the store does not have.
    private mutating func pass(_ row: StoredObject) {
        count += 1
        if !row.isFromPack { complain(of: row) }
    }

    private mutating func complain(of row: StoredObject) {
        let id = ObjectID(typeName, row.key)
        if !pending.contains(id) { differences.append("\(id) in the store is not the object in memory") }
    }
}
