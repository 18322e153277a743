/// Searching and taking apart names by their bytes. `Character`s would melt a separator and a combining mark behind it into one,
/// and find `K` in a Kelvin sign.
extension StringProtocol {
    /// Whether both are the same bytes.
    @inlinable
    public func hasSameUTF8(as other: some StringProtocol) -> Bool { utf8.elementsEqual(other.utf8) }

    /// Whether the first bytes are those of `prefix`.
    @inlinable
    public func hasBytePrefix(_ prefix: String) -> Bool { utf8.starts(with: prefix.utf8) }

    /// Whether the last bytes are those of `suffix`.
    @inlinable
    public func hasByteSuffix(_ suffix: String) -> Bool { utf8.reversed().starts(with: suffix.utf8.reversed()) }

    /// What follows the first bytes if those are `prefix`; nil if they are not.
    @inlinable
    public func after(_ prefix: String) -> SubSequence? {
        hasBytePrefix(prefix) ? self[utf8.index(startIndex, offsetBy: prefix.utf8.count)...] : nil
    }

    /// Whether the bytes of `text` stand anywhere in these.
    public func contains(text: String) -> Bool {
        let pattern = BytePattern(Array(text.utf8))
        return Array(utf8).withUnsafeBytes { pattern.occurs(in: $0) }
    }

    /// Where the ASCII character `mark` is first, whatever stands behind it.
    @inlinable
    public func firstByteIndex(of mark: Unicode.Scalar) -> Index? { utf8.firstIndex(of: UInt8(ascii: mark)) }

    /// Where the ASCII character `mark` is last, whatever stands behind it.
    public func lastByteIndex(of mark: Unicode.Scalar) -> Index? {
        utf8.indices.reduce(nil) { last, index in utf8[index] == UInt8(ascii: mark) ? index : last }
    }

    /// The parts between the ASCII characters `mark`, empty ones too; at most `maxSplits` marks count.
    public func parts(between mark: Unicode.Scalar, maxSplits: Int = .max) -> [SubSequence] {
        var parts: [SubSequence] = []
        var start = startIndex
        while parts.count < maxSplits, let end = self[start...].firstByteIndex(of: mark) {
            parts.append(self[start..<end])
            start = utf8.index(after: end)
        }
        return parts + [self[start...]]
    }

    /// The text without spaces at its ends.
    public var trimmedSpaces: Substring {
        var text = Substring(self)
        while text.utf8.first == UInt8(ascii: " ") { text = text.dropFirst() }
        while text.utf8.last == UInt8(ascii: " ") { text = text.dropLast() }
        return text
    }

    /// The same text with the letters `A` to `Z` small. No other letters are folded: some of them would become ASCII letters, as
    /// the Kelvin sign becomes `k`, and then two names would be one.
    public var asciiLowercased: String {
        let capitals = UInt8(ascii: "A")...UInt8(ascii: "Z")
        guard utf8.contains(where: capitals.contains) else { return String(self) }
        return String(decoding: utf8.map { capitals.contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}

extension Sequence<String> {
    /// Whether one of the strings has the bytes of `name`.
    @inlinable
    public func contains(bytesOf name: String) -> Bool { contains { $0.hasSameUTF8(as: name) } }

    /// The strings in the order of their bytes.
    public func sortedByBytes() -> [String] { sorted { $0.precedesInUTF8($1) } }
}
