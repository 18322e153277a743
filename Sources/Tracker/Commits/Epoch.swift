/// One opening of a store for writing.
///
/// A store that was copied and put back counts its revisions on from where the copy was taken, so the same number can stand for
/// two different commits. The random mark of the opening that wrote a revision tells them apart.
struct Epoch: Sendable, Hashable {
    /// So many bits of a mark are random.
    static let bits = 40
    /// The length of a mark's text: five bits a letter.
    static let textLength = 8

    /// The random mark.
    let mark: UInt64
    /// The first revision that was, or will be, written in it.
    let first: Revision

    /// An epoch with that mark, of which the lowest bits count.
    init(mark: UInt64, first: Revision) {
        (self.mark, self.first) = (mark & (1 << Self.bits - 1), first)
    }

    /// The epoch of what nothing is known of.
    static let unknown = Epoch(mark: 0, first: .zero)

    /// The mark as clients see it, in etags and cursors: so short that it needs no memory of its own.
    var text: String {
        String(unsafeUninitializedCapacity: Self.textLength) { text in
            write(into: text)
            return Self.textLength
        }
    }

    /// Writes the mark's text to the start of `buffer`.
    func write(into buffer: UnsafeMutableBufferPointer<UInt8>) {
        for place in 0..<Self.textLength {
            let shift = UInt64(5 * (Self.textLength - 1 - place))
            buffer[place] = Self.digits.utf8Start[Int(mark >> shift & 31)]
        }
    }

    /// Crockford's base 32, which has no letters that look like digits; without hyphens, which tell etags of packs apart.
    private static let digits: StaticString = "0123456789abcdefghjkmnpqrstvwxyz"

    /// Whether `text` could be the text of a mark.
    static func isMark(_ text: some StringProtocol) -> Bool {
        text.utf8.count == textLength
            && text.utf8.allSatisfy { byte in digits.withUTF8Buffer { $0.contains(byte) } }
    }
}
