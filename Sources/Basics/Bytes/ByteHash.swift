/// A fast hash of bytes for tables and checksums in memory: it multiplies and folds eight bytes at a time.
///
/// It is not kept anywhere, and is no defence against those who choose the bytes unless the seed is random.
public enum ByteHash {
    /// The hash of `bytes` under `seed`.
    @inlinable @inline(__always)
    public static func hash(_ bytes: UnsafeRawBufferPointer, seed: UInt64) -> UInt64 {
        var state = mixed(seed ^ UInt64(truncatingIfNeeded: bytes.count))
        var offset = 0
        while offset &+ 8 <= bytes.count {
            state = mixed(state ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            offset &+= 8
        }
        var rest: UInt64 = 0
        while offset < bytes.count {
            rest = rest << 8 | UInt64(bytes[offset])
            offset &+= 1
        }
        return mixed(state ^ rest)
    }

    /// Both halves of a product, each of whose bits depends on many of the number's.
    @inlinable @inline(__always)
    static func mixed(_ number: UInt64) -> UInt64 {
        let product = (number ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        return product.high ^ product.low
    }
}
