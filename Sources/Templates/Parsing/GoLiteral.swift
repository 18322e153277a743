/// Strings and characters as Go spells them.
enum GoLiteral {
    /// Why a literal has no value.
    struct Invalid: Error {
        let message: String

        static let syntax = Invalid(message: "invalid syntax")
    }

    /// The value of a string literal with its quotes, interpreted or raw.
    static func string(_ literal: String) throws(Invalid) -> String {
        let content = literal.unicodeScalars.dropFirst().dropLast()
        guard literal.first != "`" else {
            // Go drops carriage returns, so that a template means the same with any line ends.
            return String(String.UnicodeScalarView(content.filter { $0 != "\r" }))
        }
        var reader = Reader(rest: content, quote: "\"")
        var bytes: [UInt8] = []
        while !reader.rest.isEmpty {
            switch try reader.next() {
            case .byte(let byte): bytes.append(byte)
            case .scalar(let scalar): bytes += Array(String(scalar).utf8)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The value of a character literal with its quotes.
    static func character(_ literal: String) throws(Invalid) -> UInt32 {
        var reader = Reader(rest: literal.unicodeScalars.dropFirst(), quote: "'")
        let value: UInt32
        switch try reader.next() {
        case .byte(let byte): value = UInt32(byte)
        case .scalar(let scalar): value = scalar.value
        }
        guard reader.rest.elementsEqual("'".unicodeScalars) else {
            throw Invalid(message: "malformed character constant: \(literal)")
        }
        return value
    }

    /// A string as Go quotes it: printable characters as they are, the others as escapes.
    static func quoted(_ text: some StringProtocol, onlyASCII: Bool = false) -> String {
        var result = "\""
        for scalar in text.unicodeScalars { append(scalar, to: &result, quote: "\"", onlyASCII) }
        return result + "\""
    }

    /// A character as Go quotes it.
    static func quoted(character: Unicode.Scalar, onlyASCII: Bool = false) -> String {
        var result = "'"
        append(character, to: &result, quote: "'", onlyASCII)
        return result + "'"
    }

    /// Whether a character may stand in a raw string.
    static func mayStandRaw(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "`", "\u{7F}", "\u{FEFF}": false
        default: scalar.value >= 0x20 || scalar == "\t"
        }
    }

    private static func append(
        _ scalar: Unicode.Scalar, to result: inout String, quote: Unicode.Scalar, _ onlyASCII: Bool
    ) {
        switch scalar {
        case quote, "\\": result += "\\\(scalar)"
        case _ where scalar.isPrintable && (scalar.isASCII || !onlyASCII): result.unicodeScalars.append(scalar)
        default: result += escape(of: scalar)
        }
    }

    private static let shortEscapes: [Unicode.Scalar: Unicode.Scalar] = [
        "a": "\u{7}", "b": "\u{8}", "f": "\u{C}", "n": "\n", "r": "\r", "t": "\t", "v": "\u{B}", "\\": "\\",
    ]

    private static func escape(of scalar: Unicode.Scalar) -> String {
        if let letter = shortEscapes.first(where: { $0.value == scalar })?.key { return "\\\(letter)" }
        return switch scalar.value {
        case ..<0x80: "\\x" + hexadecimal(scalar.value, width: 2)
        case ..<0x10000: "\\u" + hexadecimal(scalar.value, width: 4)
        default: "\\U" + hexadecimal(scalar.value, width: 8)
        }
    }

    /// Digits with zeros in front up to a width.
    static func hexadecimal(_ value: UInt32, width: Int, uppercase: Bool = false) -> String {
        let digits = String(value, radix: 16, uppercase: uppercase)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// What one character or escape of a literal stands for.
    private enum Unit {
        /// A byte, which need not be a character by itself.
        case byte(UInt8)
        case scalar(Unicode.Scalar)
    }

    /// Reads the units of a literal.
    private struct Reader {
        var rest: Substring.UnicodeScalarView
        let quote: Unicode.Scalar

        mutating func next() throws(Invalid) -> Unit {
            guard let first = rest.popFirst(), first != quote else { throw .syntax }
            guard first == "\\" else { return .scalar(first) }
            guard let escape = rest.popFirst() else { throw .syntax }
            switch escape {
            case quote: return .scalar(quote)
            case "x": return .byte(UInt8(try number(digits: 2)))
            case "u": return try scalar(digits: 4)
            case "U": return try scalar(digits: 8)
            case "0"..."7": return try octal(after: escape.value & 7)
            default:
                guard let value = shortEscapes[escape] else { throw .syntax }
                return .scalar(value)
            }
        }

        private mutating func scalar(digits: Int) throws(Invalid) -> Unit {
            guard let scalar = Unicode.Scalar(try number(digits: digits)) else { throw .syntax }
            return .scalar(scalar)
        }

        private mutating func octal(after first: UInt32) throws(Invalid) -> Unit {
            let rest = try number(digits: 2, radix: 8)
            guard let byte = UInt8(exactly: first << 6 | rest) else { throw .syntax }
            return .byte(byte)
        }

        private mutating func number(digits count: Int, radix: Int = 16) throws(Invalid) -> UInt32 {
            let digits = rest.prefix(count)
            rest = rest.dropFirst(count)
            // The check keeps out signs, which the conversion would take.
            guard digits.count == count, digits.allSatisfy(\.properties.isASCIIHexDigit),
                let value = UInt32(String(digits), radix: radix)
            else { throw .syntax }
            return value
        }
    }
}
