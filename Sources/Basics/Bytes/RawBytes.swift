public import Glibc

/// Comparing and reading bytes in memory. All of it is inlined, since it is what the hottest loops are made of.
extension UnsafeRawBufferPointer {
    /// The first eight bytes as a number, zeros where there are fewer, which sorts as the bytes do up to ties.
    @inlinable @inline(__always)
    public var head: UInt64 {
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

    /// The first sixteen bytes as a number, zeros where there are fewer, which sorts as the bytes do up to ties.
    @inlinable @inline(__always)
    public var longHead: UInt128 {
        var head: UInt128 = 0
        withUnsafeMutableBytes(of: &head) { head in
            head.copyMemory(from: UnsafeRawBufferPointer(start: baseAddress, count: Swift.min(16, count)))
        }
        return head.bigEndian
    }

    /// Negative, zero or positive as these bytes sort before, with or after the others: byte by byte as unsigned numbers, what
    /// begins another first.
    @inlinable @inline(__always)
    public func compareBytes(to other: UnsafeRawBufferPointer) -> Int {
        let shared = Swift.min(count, other.count)
        // An empty buffer may have no address, which memcmp must not see.
        let order = shared == 0 ? 0 : Int(memcmp(baseAddress!, other.baseAddress!, shared))
        return order != 0 ? order : count - other.count
    }

    /// Whether both hold the same bytes.
    @inlinable @inline(__always)
    public func hasSameBytes(as other: UnsafeRawBufferPointer) -> Bool {
        count == other.count && (isEmpty || memcmp(baseAddress!, other.baseAddress!, count) == 0)
    }

    /// The bytes of a range, which must lie within, as a buffer of their own.
    @inlinable @inline(__always)
    public func part(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: self[range]) }

    /// The little-endian number at `offset`, which must lie within.
    @inlinable @inline(__always)
    public func number<Number: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, _: Number.Type) -> Number {
        Number(littleEndian: loadUnaligned(fromByteOffset: offset, as: Number.self))
    }
}

extension [UInt8] {
    /// Negative, zero or positive as these bytes sort before, with or after the others.
    @inlinable
    public func compareBytes(to other: [UInt8]) -> Int {
        withUnsafeBytes { left in other.withUnsafeBytes { left.compareBytes(to: $0) } }
    }
}
