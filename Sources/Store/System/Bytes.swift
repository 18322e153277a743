import Glibc

/// Compares byte by byte as unsigned numbers, a prefix first: less than, equal to or greater than zero.
func compareBytes(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
    let common = min(left.count, right.count)
    if common > 0, let leftBytes = left.baseAddress, let rightBytes = right.baseAddress {
        let difference = memcmp(leftBytes, rightBytes, common)
        if difference != 0 { return Int(difference) }
    }
    return left.count - right.count
}

/// Compares byte by byte as unsigned numbers, a prefix first: less than, equal to or greater than zero.
func compareBytes(_ left: [UInt8], _ right: [UInt8]) -> Int {
    left.withUnsafeBytes { left in right.withUnsafeBytes { right in compareBytes(left, right) } }
}

extension [UInt8] {
    /// `withUnsafeBytes` for bodies that throw a `StoreError`.
    func withBytes<Result>(
        _ body: (UnsafeRawBufferPointer) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        let outcome: Swift.Result<Result, StoreError> = withUnsafeBytes { bytes in
            do throws(StoreError) { return .success(try body(bytes)) } catch { return .failure(error) }
        }
        return try outcome.get()
    }
}

extension UnsafeRawBufferPointer {
    /// The little-endian number at `offset`, which must lie within.
    func number<Number: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, _: Number.Type) -> Number {
        Number(littleEndian: loadUnaligned(fromByteOffset: offset, as: Number.self))
    }

    /// The bytes of a range, which must lie within.
    func slice(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: self[range]) }
}
