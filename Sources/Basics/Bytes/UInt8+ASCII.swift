/// What bytes are in ASCII.
extension UInt8 {
    /// Whether the byte is one of `A` to `Z` and `a` to `z`.
    @inlinable
    public var isASCIILetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }

    /// Whether the byte is one of `0` to `9`.
    @inlinable
    public var isASCIIDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    /// What the byte counts as a hexadecimal digit of either case; nil if it is none.
    @inlinable
    public var hexadecimalValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"):
            (self | 0x20) - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
