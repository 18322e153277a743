import Store

func key(_ number: UInt64) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
}

func put(_ store: any KeyValueStore, _ number: UInt64, size: Int) throws(StoreError) {
    var batch = WriteBatch()
    batch.put(.data, key: key(number), value: [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: size))
    try store.apply(batch)
}

func count(_ store: any KeyValueStore) throws -> Int {
    var count = 0
    try store.scan(.data) { _, _ in
        count += 1
        return true
    }
    return count
}
