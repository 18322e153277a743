/// A hardware address of 6, 8 or 20 bytes (EUI-48, EUI-64, IP over InfiniBand).
public struct MACAddress: Hashable, Sendable, CustomStringConvertible {
    /// The bytes in transmission order.
    public let bytes: [UInt8]

    /// An address of 6, 8 or 20 bytes; nil for any other number of bytes.
    public init?(bytes: some Collection<UInt8>) {
        guard [6, 8, 20].contains(bytes.count) else { return nil }
        self.bytes = Array(bytes)
    }

    /// Parses `00:1b:…` and `00-1b-…`, two hexadecimal digits a group, or `001b.…`, four a group; nil for anything
    /// else.
    public init?(_ text: String) {
        let text = Array(text.utf8)
        guard let separator = text.first(where: { Self.digit($0) == nil }) else { return nil }
        let width: Int
        switch separator {
        case UInt8(ascii: ":"), UInt8(ascii: "-"): width = 2
        case UInt8(ascii: "."): width = 4
        default: return nil
        }
        var digits: [UInt8] = []
        for group in text.split(separator: separator, omittingEmptySubsequences: false) {
            let values = group.compactMap(Self.digit)
            guard group.count == width, values.count == width else { return nil }
            digits += values
        }
        self.init(bytes: stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] })
    }

    /// The address that `text` spells in the one form in which addresses are kept; any other text as it is.
    public static func canonical(_ text: String) -> String { MACAddress(text)?.description ?? text }

    /// Lower-case pairs between colons: `00:1b:21:3c:9d:f8`.
    public var description: String { Hexadecimal.encode(bytes, separator: ":") }

    private static func digit(_ byte: UInt8) -> UInt8? {
        Character(UnicodeScalar(byte)).hexDigitValue.map { UInt8($0) }
    }
}
