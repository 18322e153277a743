import Basics

/// How LMDB holds a value: its bytes, then four bytes of a checksum over keyspace, key and value.
///
/// The key counts, so that neither a changed key nor a value under another's key passes. LMDB does not check what it reads;
/// every value is checked here when it is read from the map. Values in memory, not checkpointed yet, need no check.
enum ValueEnvelope {
    /// How many bytes the checksum takes.
    static let overhead = 4

    /// Stands for LMDB's unnamed database, as a keyspace's ordinal does for it.
    static let unnamed = 255

    /// Writes value and checksum into memory of `value.count + overhead` bytes.
    static func seal(
        _ value: UnsafeRawBufferPointer, key: UnsafeRawBufferPointer, in place: Int,
        into target: UnsafeMutableRawBufferPointer
    ) {
        target.copyMemory(from: value)
        target.storeBytes(
            of: checksum(key, value, place).littleEndian, toByteOffset: value.count, as: UInt32.self)
    }

    /// The value in an envelope; nil if it is damaged.
    static func open(
        _ envelope: UnsafeRawBufferPointer, key: UnsafeRawBufferPointer, in place: Int
    ) -> UnsafeRawBufferPointer? {
        let count = envelope.count - overhead
        guard count >= 0 else { return nil }
        let value = UnsafeRawBufferPointer(rebasing: envelope[..<count])
        return checksum(key, value, place) == envelope.number(count, UInt32.self) ? value : nil
    }

    private static func checksum(
        _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, _ place: Int
    ) -> UInt32 {
        var sum = CRC32C(seed: UInt32(truncatingIfNeeded: place << 16 | key.count))
        sum.add(key)
        sum.add(value)
        return sum.value
    }
}
