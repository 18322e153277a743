public import Basics

/// Encodes the values of indexes as bytes whose order is the order of the values.
public enum IndexValue {
    /// The UTF-8 bytes.
    public static func string(_ value: String) -> ByteString { ByteString(value) }

    /// One byte, 0 or 1.
    public static func boolean(_ value: Bool) -> ByteString { value ? yes : no }

    /// Eight bytes, the highest first, with the sign bit flipped so that negative numbers come first.
    public static func integer(_ value: Int64) -> ByteString {
        encode(sortable(value))
    }

    /// Twelve bytes: the seconds as an integer, then the nanoseconds.
    /// - Parameters:
    ///   - seconds: Since 1970-01-01T00:00:00Z.
    ///   - nanoseconds: Of the second, 0 to 999,999,999.
    public static func time(seconds: Int64, nanoseconds: Int32) -> ByteString {
        let both = UInt128(sortable(seconds)) << 32 | UInt128(UInt32(bitPattern: nanoseconds))
        return withUnsafeBytes(of: both.bigEndian) { ByteString(UnsafeRawBufferPointer(rebasing: $0.suffix(12))) }
    }

    /// Twelve bytes, as of its seconds and nanoseconds.
    public static func time(_ value: Timestamp) -> ByteString {
        time(seconds: value.seconds, nanoseconds: value.nanoseconds)
    }

    /// Sixteen bytes, an IPv4 address as IPv6 maps it; none for no address, which comes first.
    public static func address(_ value: IPAddress?) -> ByteString {
        value.map { encode($0.number) } ?? .empty
    }

    /// Seventeen bytes: the address, then the length of the prefix; none for no block, which comes first.
    public static func cidr(_ value: CIDRBlock?) -> ByteString {
        guard let value else { return .empty }
        return ByteString(address(value.address).bytes + [UInt8(value.prefixLength)])
    }

    private static let no = ByteString([0])
    private static let yes = ByteString([1])

    private static func sortable(_ value: Int64) -> UInt64 {
        UInt64(bitPattern: value) ^ (1 << 63)
    }

    private static func encode(_ value: some FixedWidthInteger) -> ByteString {
        withUnsafeBytes(of: value.bigEndian) { ByteString($0) }
    }
}
