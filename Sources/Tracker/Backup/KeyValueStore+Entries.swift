import Store

extension KeyValueStore {
    /// Visits all entries of a keyspace in the order of their keys, some at a time: a visitor may write to this store or another,
    /// and take as long as it likes. What is written behind the entry that is visited is visited too.
    ///
    /// - Parameters:
    ///   - count: how many entries are read at once.
    ///   - size: how many bytes are enough to be read at once.
    /// - Throws: what `visit` throws, and why the store cannot be read.
    func forEachEntry(
        _ keyspace: Keyspace, atOnce count: Int = 2000, size: Int = 4 << 20,
        _ visit: (_ key: [UInt8], _ value: [UInt8]) throws(StoreError) -> Void
    ) throws(StoreError) {
        var from: [UInt8]? = []
        while let first = from {
            var (entries, bytes): ([(key: [UInt8], value: [UInt8])], Int) = ([], 0)
            from = nil
            try scan(keyspace, from: first) { key, value in
                guard entries.count < count, bytes < size else {
                    from = Array(key)
                    return false
                }
                entries.append((Array(key), Array(value)))
                bytes += key.count + value.count
                return true
            }
            for (key, value) in entries { try visit(key, value) }
        }
    }
}
