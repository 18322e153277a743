/// Comparisons by UTF-8 bytes. `String`'s own `==`, `<` and hash follow Unicode canonical equivalence, under which two different
/// names could be one: `Kate` and the same with U+212A for its K.
extension String {
    /// Lends the UTF-8 bytes, without a copy for the native strings all of Swift on Linux uses.
    @inlinable @inline(__always)
    public func withUTF8Bytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        utf8.withContiguousStorageIfAvailable { body(UnsafeRawBufferPointer($0)) } ?? Array(utf8).withUnsafeBytes(body)
    }

    /// Whether both strings are the same bytes.
    @inlinable
    public func hasSameUTF8(as other: String) -> Bool {
        utf8.count == other.utf8.count && compareUTF8(to: other) == 0
    }

    /// Whether this string sorts before the other, byte by byte; the order of an object's members.
    @inlinable
    public func precedesInUTF8(_ other: String) -> Bool { compareUTF8(to: other) < 0 }

    /// Negative, zero or positive as this string sorts before, with or after the other.
    @inlinable
    public func compareUTF8(to other: String) -> Int {
        withUTF8Bytes { left in other.withUTF8Bytes { right in left.compareBytes(to: right) } }
    }

    /// The first eight bytes as a number, zeros where there are fewer, which sorts as the string does up to ties.
    @inlinable @inline(__always)
    public var utf8Head: UInt64 { withUTF8Bytes { $0.head } }

    /// Feeds the bytes and their count, as `hasSameUTF8` compares them.
    @inlinable
    public func hashUTF8(into hasher: inout Hasher) {
        hasher.combine(utf8.count)
        withUTF8Bytes { hasher.combine(bytes: $0) }
    }
}
