/// The text of a Swift file with blanks in the place of comments, string literals and names in backticks, so that braces and
/// words in it are those of the program. Lines stay where they are.
struct MaskedSource {
    /// The text.
    private(set) var bytes: [UInt8]
    private var position = 0

    private static let (quote, hash, slash, star) = (
        UInt8(ascii: "\""), UInt8(ascii: "#"), UInt8(ascii: "/"), UInt8(ascii: "*")
    )

    /// Masks `text`.
    init(_ text: String) {
        bytes = Array(text.utf8)
        skip(until: nil)
    }

    private func byte(_ offset: Int = 0) -> UInt8 {
        position + offset < bytes.count ? bytes[position + offset] : 0
    }

    private func begins(with text: StaticString) -> Bool {
        text.withUTF8Buffer { $0.indices.allSatisfy { byte($0) == text.utf8Start[$0] } }
    }

    private mutating func mask(_ count: Int = 1) {
        for _ in 0..<count where position < bytes.count {
            if bytes[position] != UInt8(ascii: "\n") { bytes[position] = UInt8(ascii: " ") }
            position += 1
        }
    }

    /// Goes on over code; inside an interpolation up to the parenthesis that ends it.
    private mutating func skip(until end: UInt8?) {
        var depth = 0
        while position < bytes.count {
            switch byte() {
            case Self.slash where byte(1) == Self.slash: maskLine()
            case Self.slash where byte(1) == Self.star: maskBlock()
            case Self.quote: maskString(hashes: 0)
            case Self.hash where hashesBeforeQuote > 0: maskString(hashes: hashesBeforeQuote)
            case UInt8(ascii: "`"): maskName()
            case UInt8(ascii: "("):
                depth += 1
                position += 1
            case UInt8(ascii: ")"):
                if end != nil, depth == 0 { return }
                depth -= 1
                position += 1
            default: position += 1
            }
        }
    }

    private var hashesBeforeQuote: Int {
        var count = 0
        while byte(count) == Self.hash { count += 1 }
        return byte(count) == Self.quote ? count : 0
    }

    private mutating func maskLine() {
        while position < bytes.count, byte() != UInt8(ascii: "\n") { mask() }
    }

    /// A name in backticks, which may be a sentence with any signs in it.
    private mutating func maskName() {
        mask()
        while position < bytes.count, byte() != UInt8(ascii: "`"), byte() != UInt8(ascii: "\n") { mask() }
        mask()
    }

    private mutating func maskBlock() {
        var depth = 0
        repeat {
            if begins(with: "/*") {
                depth += 1
                mask(2)
            } else if begins(with: "*/") {
                depth -= 1
                mask(2)
            } else {
                mask()
            }
        } while depth > 0 && position < bytes.count
    }

    private mutating func maskString(hashes: Int) {
        mask(hashes)
        let quotes = begins(with: "\"\"\"") ? 3 : 1
        mask(quotes)
        while position < bytes.count {
            if byte() == UInt8(ascii: "\\"), (1...max(hashes, 1)).allSatisfy({ hashes == 0 || byte($0) == Self.hash }) {
                let isInterpolation = byte(1 + hashes) == UInt8(ascii: "(")
                mask(2 + hashes)
                if isInterpolation {
                    let start = position
                    skip(until: UInt8(ascii: ")"))
                    let end = position
                    position = start
                    mask(end - start + 1)
                }
            } else if isEnd(quotes: quotes, hashes: hashes) {
                return mask(quotes + hashes)
            } else {
                mask()
            }
        }
    }

    private func isEnd(quotes: Int, hashes: Int) -> Bool {
        (0..<quotes).allSatisfy { byte($0) == Self.quote }
            && (0..<hashes).allSatisfy { byte(quotes + $0) == Self.hash }
    }
}
