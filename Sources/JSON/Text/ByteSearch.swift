/// Byte searches eight bytes at a time: a machine word is tested for a byte with a few arithmetic operations. A mark found
/// at the lowest place is always true; marks above it may be echoes of a borrow, and are never looked at.
enum WordSearch {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    /// Marks the high bit of each byte that equals `byte`.
    @inline(__always)
    static func marks(_ byte: UInt8, in word: UInt64) -> UInt64 {
        let zeroed = word ^ (ones &* UInt64(byte))
        return (zeroed &- ones) & ~zeroed & highs
    }

    /// Marks the high bit of each byte below `limit`, which is 128 at most.
    @inline(__always)
    static func marks(below limit: UInt8, in word: UInt64) -> UInt64 {
        (word &- (ones &* UInt64(limit))) & ~word & highs
    }

    /// Marks the high bit of each byte that is no ASCII, which is just that bit.
    @inline(__always)
    static func nonASCII(in word: UInt64) -> UInt64 { word & highs }

    /// Which byte the lowest mark stands for.
    @inline(__always)
    static func firstIndex(_ marks: UInt64) -> Int { marks.trailingZeroBitCount >> 3 }
}

extension UnsafeRawBufferPointer {
    /// The eight bytes at `offset`, the first one lowest.
    @inline(__always)
    func word(at offset: Int) -> UInt64 {
        UInt64(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// The offset of the next byte that a JSON string cannot hold as it is: quote, backslash or control character; or of
    /// the next byte that is no ASCII, if asked for.
    @inline(__always)
    func nextSpecial(from start: Int, orNonASCII stopsAtNonASCII: Bool = false) -> Int {
        var offset = start
        while offset &+ 8 <= count {
            let word = word(at: offset)
            let marks =
                WordSearch.marks(UInt8(ascii: "\""), in: word) | WordSearch.marks(UInt8(ascii: "\\"), in: word)
                | WordSearch.marks(below: 0x20, in: word) | (stopsAtNonASCII ? WordSearch.nonASCII(in: word) : 0)
            if marks != 0 { return offset &+ WordSearch.firstIndex(marks) }
            offset &+= 8
        }
        while offset < count, case let byte = self[offset],
            byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte < 0x80 || !stopsAtNonASCII
        {
            offset &+= 1
        }
        return offset
    }

    /// The bytes of a range as UTF-8 code units.
    @inline(__always)
    func codeUnits(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
        part(range).assumingMemoryBound(to: UInt8.self)
    }

    /// The bytes of a range, as a buffer of their own.
    @inline(__always)
    func part(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: self[range]) }
}
