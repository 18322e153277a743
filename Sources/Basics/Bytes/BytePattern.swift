import Glibc

/// A run of bytes to be looked for in many texts.
///
/// The C library finds a single byte dozens of times faster than anything finds a run; so the pattern's rarest byte is looked
/// for, and where it stands, the rest is compared.
public struct BytePattern: Sendable, Hashable {
    private let bytes: [UInt8]
    /// Where in the pattern its rarest byte stands.
    private let anchor: Int
    /// A neighbour of that, from the pattern's start, which is looked at before all others.
    private let neighbour: Int

    /// A pattern of `bytes`; none occur in every text.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
        anchor = bytes.indices.min { Self.frequency(bytes[$0]) < Self.frequency(bytes[$1]) } ?? 0
        neighbour = anchor > 0 ? anchor - 1 : min(1, max(0, bytes.count - 1))
    }

    /// Whether the bytes stand anywhere in `text`.
    public func occurs(in text: UnsafeRawBufferPointer) -> Bool {
        guard !bytes.isEmpty else { return true }
        guard text.count >= bytes.count, let start = text.baseAddress else { return false }
        return bytes.withUnsafeBytes { pattern in
            let (rarest, next) = (Int32(pattern[anchor]), pattern[neighbour])
            // The places where the rarest byte may stand, if the whole pattern is to have room around it.
            var place = start + anchor
            let end = start + text.count - (pattern.count - anchor) + 1
            while place < end, let found = memchr(place, rarest, end - place) {
                let first = UnsafeRawPointer(found) - anchor
                // To call for a comparison takes longer than the look at one byte that mostly makes it needless.
                if first.load(fromByteOffset: neighbour, as: UInt8.self) == next,
                    memcmp(first, pattern.baseAddress!, pattern.count) == 0
                {
                    return true
                }
                place = UnsafeRawPointer(found) + 1
            }
            return false
        }
    }

    /// How common a byte is in JSON documents, roughly.
    private static func frequency(_ byte: UInt8) -> Int {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: ":"), UInt8(ascii: ","), UInt8(ascii: "e"): 5
        case UInt8(ascii: "a")...UInt8(ascii: "z"): 4
        case UInt8(ascii: "0")...UInt8(ascii: "9"): 3
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"): 2
        default: 1
        }
    }
}
