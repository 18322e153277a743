import Glibc

/// Comparisons by UTF-8 bytes. `String`'s own `==`, `<` and hash follow Unicode canonical equivalence, under which two different
/// names could be one: `Kate` and the same with U+212A for its K.
extension String {
    /// Lends the UTF-8 bytes, without a copy for the native strings all of Swift on Linux uses.
    @inline(__always)
    func withUTF8Bytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        utf8.withContiguousStorageIfAvailable { body(UnsafeRawBufferPointer($0)) } ?? Array(utf8).withUnsafeBytes(body)
    }

    /// Whether both strings are the same bytes.
    public func hasSameUTF8(as other: String) -> Bool {
        utf8.count == other.utf8.count && compareUTF8(to: other) == 0
    }

    /// Whether this string sorts before the other, byte by byte; the order of an object's members.
    public func precedesInUTF8(_ other: String) -> Bool { compareUTF8(to: other) < 0 }

    /// Negative, zero or positive as this string sorts before, with or after the other.
    func compareUTF8(to other: String) -> Int {
        withUTF8Bytes { left in other.withUTF8Bytes { right in left.compareBytes(to: right) } }
    }

    /// The first eight bytes as a number, zeros where there are fewer, which sorts as the string does up to ties.
    @inline(__always)
    var utf8Head: UInt64 { withUTF8Bytes { $0.head } }

    /// Feeds the bytes and their count, as `hasSameUTF8` compares them.
    func hashUTF8(into hasher: inout Hasher) {
        hasher.combine(utf8.count)
        withUTF8Bytes { hasher.combine(bytes: $0) }
    }
}

extension UnsafeRawBufferPointer {
    /// The first eight bytes as a number, zeros where there are fewer, which sorts as the bytes do up to ties.
    @inline(__always)
    var head: UInt64 {
        if count >= 8 { return UInt64(bigEndian: loadUnaligned(as: UInt64.self)) }
        if count >= 4 {
            // Both loads overlap where there are fewer than eight bytes, in the same bits.
            let first = UInt32(bigEndian: loadUnaligned(as: UInt32.self))
            let last = UInt32(bigEndian: loadUnaligned(fromByteOffset: count - 4, as: UInt32.self))
            return UInt64(first) << 32 | UInt64(last) << UInt64(8 * (8 - count))
        }
        var head: UInt64 = 0
        for index in 0..<count { head |= UInt64(self[index]) << UInt64(56 - 8 * index) }
        return head
    }

    /// Negative, zero or positive as these bytes sort before, with or after the others.
    @inline(__always)
    func compareBytes(to other: UnsafeRawBufferPointer) -> Int {
        let shared = Swift.min(count, other.count)
        // An empty buffer may have no address, which memcmp must not see.
        let order = shared == 0 ? 0 : Int(memcmp(baseAddress!, other.baseAddress!, shared))
        return order != 0 ? order : count - other.count
    }
}
