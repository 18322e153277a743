/// The bytes of a template with the questions that a lexer asks about them.
struct Source {
    let bytes: [UInt8]

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// The byte at an offset; nil past the end.
    func byte(at offset: Int) -> UInt8? {
        offset < bytes.count ? bytes[offset] : nil
    }

    /// Whether these characters follow an offset.
    func has(_ prefix: StaticString, at offset: Int) -> Bool {
        let length = prefix.utf8CodeUnitCount
        guard offset + length <= bytes.count else { return false }
        return (0..<length).allSatisfy { bytes[offset + $0] == prefix.utf8Start[$0] }
    }

    /// The first place of these characters at or after an offset.
    func firstIndex(of pattern: StaticString, from offset: Int) -> Int? {
        let first = pattern.utf8Start[0]
        return bytes[offset...].indices.first { bytes[$0] == first && has(pattern, at: $0) }
    }

    /// The scalar that begins at an offset; nil at the end. The bytes come from a string, so they are UTF-8.
    func scalar(at offset: Int) -> Unicode.Scalar? {
        guard let lead = byte(at: offset) else { return nil }
        guard lead >= 0x80 else { return Unicode.Scalar(lead) }
        let tail = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3
        let value = bytes[offset + 1...offset + tail].reduce(UInt32(lead) & (0x3F >> UInt32(tail))) {
            $0 << 6 | UInt32($1 & 0x3F)
        }
        return Unicode.Scalar(value)
    }

    /// The end of the letters, digits and underscores that begin at an offset.
    func wordEnd(from offset: Int) -> Int {
        var end = offset
        while let scalar = scalar(at: end), scalar.isWord { end += UTF8.width(scalar) }
        return end
    }

    /// The text of a range.
    subscript(range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }
}

extension UInt8 {
    /// Whether it separates operands and is taken away by trim markers.
    var isSpace: Bool {
        self == UInt8(ascii: " ") || self == UInt8(ascii: "\n") || self == UInt8(ascii: "\t")
            || self == UInt8(ascii: "\r")
    }
}

extension Unicode.Scalar {
    /// Whether it may be part of an identifier.
    var isWord: Bool {
        if isASCII { return self == "_" || "0"..."9" ~= self || "a"..."z" ~= self || "A"..."Z" ~= self }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber:
            return true
        default:
            return false
        }
    }

    /// Whether Go prints it as it is: a letter, mark, number, punctuation, symbol or the ASCII space.
    var isPrintable: Bool {
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        case .spaceSeparator: self == " "
        default: true
        }
    }
}
