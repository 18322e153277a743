import Basics

extension JSONParser {
    /// Parses the string whose opening quote is here.
    mutating func parseString() throws(JSONFault) -> String {
        let start = offset &+ 1
        let stop = text.nextSpecial(from: start, orNonASCII: true)
        guard stop < text.count, text[stop] == UInt8(ascii: "\"") else {
            offset = start
            return try parseRuns()
        }
        offset = stop &+ 1
        // Known to be ASCII, the bytes need no validation.
        return String(copying: UTF8Span(unchecked: text.codeUnits(start..<stop).span, isKnownASCII: true))
    }

    /// Parses a string from behind its opening quote, run by run between escapes.
    private mutating func parseRuns() throws(JSONFault) -> String {
        var string = ""
        while true {
            let start = offset
            offset = text.nextSpecial(from: start)
            string += try validated(start..<offset)
            guard offset < text.count else { throw unexpected(.closingQuote) }
            switch text[offset] {
            case UInt8(ascii: "\""):
                offset += 1
                return string
            case UInt8(ascii: "\\"): string.unicodeScalars.append(try parseEscape())
            default: throw unexpected(.escape)
            }
        }
    }

    private func validated(_ range: Range<Int>) throws(JSONFault) -> String {
        do throws(UTF8.ValidationError) {
            return String(copying: try UTF8Span(validating: text.codeUnits(range).span))
        } catch {
            throw JSONFault(code: .invalidUTF8, offset: range.lowerBound + error.byteOffsets.lowerBound)
        }
    }

    /// Parses the escape whose backslash is here.
    private mutating func parseEscape() throws(JSONFault) -> Unicode.Scalar {
        guard offset + 1 < text.count else {
            offset = text.count
            throw unexpected(.closingQuote)
        }
        let scalar: Unicode.Scalar
        switch text[offset + 1] {
        case UInt8(ascii: "\""): scalar = "\""
        case UInt8(ascii: "\\"): scalar = "\\"
        case UInt8(ascii: "/"): scalar = "/"
        case UInt8(ascii: "b"): scalar = "\u{08}"
        case UInt8(ascii: "f"): scalar = "\u{0C}"
        case UInt8(ascii: "n"): scalar = "\n"
        case UInt8(ascii: "r"): scalar = "\r"
        case UInt8(ascii: "t"): scalar = "\t"
        case UInt8(ascii: "u"): return try parseUnicodeEscape()
        default: throw JSONFault(code: .invalidEscape, offset: offset)
        }
        offset += 2
        return scalar
    }

    /// Parses `\uXXXX`, or two of them that form a surrogate pair.
    private mutating func parseUnicodeEscape() throws(JSONFault) -> Unicode.Scalar {
        let fault = JSONFault(code: .invalidEscape, offset: offset)
        guard let first = takeUnit() else { throw fault }
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, let second = takeUnit(), 0xDC00...0xDFFF ~= second,
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw fault }
        return scalar
    }

    /// Steps over `\uXXXX` and returns the UTF-16 unit; nil when there is none here.
    private mutating func takeUnit() -> UInt32? {
        guard offset + 6 <= text.count, text[offset] == UInt8(ascii: "\\"), text[offset + 1] == UInt8(ascii: "u") else {
            return nil
        }
        var unit: UInt32 = 0
        for byte in text[offset + 2..<offset + 6] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else { return nil }
            unit = unit << 4 | UInt32(digit)
        }
        offset += 6
        return unit
    }
}
