import Basics
import JSON

/// Values as Python's `repr` shows them, which messages of F §1 have.
enum PythonText {
    /// A value; what is longer than a message should be is cut off.
    static func repr(_ value: JSONValue) -> String {
        var text = ""
        write(value, into: &text)
        guard text.unicodeScalars.count > longest else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(longest))) + "…"
    }

    private static let longest = 1000

    private static func write(_ value: JSONValue, into text: inout String) {
        guard text.utf8.count <= 4 * longest else { return }
        switch value {
        case .null: text += "None"
        case .bool(let flag): text += flag ? "True" : "False"
        case .number(let number): text += number.pythonText
        case .string(let string): text += repr(string)
        case .array(let elements):
            text += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { text += ", " }
                write(element, into: &text)
            }
            text += "]"
        case .object(let members):
            text += "{"
            for (index, member) in members.enumerated() {
                if index > 0 { text += ", " }
                text += repr(member.key) + ": "
                write(member.value, into: &text)
            }
            text += "}"
        }
    }

    /// A text in quotes: single ones, unless it has those and no double ones.
    static func repr(_ string: String) -> String {
        let scalars = string.unicodeScalars.prefix(longest + 1)
        let quote: Unicode.Scalar = scalars.contains("'") && !scalars.contains("\"") ? "\"" : "'"
        var text = String.UnicodeScalarView([quote])
        for scalar in scalars {
            switch scalar {
            case "\\", quote: text += ["\\", scalar]
            case "\n": text += "\\n".unicodeScalars
            case "\r": text += "\\r".unicodeScalars
            case "\t": text += "\\t".unicodeScalars
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                text += "\\x\(Hexadecimal.encode([UInt8(scalar.value)]))".unicodeScalars
            default: text.append(scalar)
            }
        }
        text.append(quote)
        return String(text)
    }
}

/// UUIDs as Python's `uuid.UUID` takes them (F §2).
enum PythonUUID {
    /// The UUID in small letters with dashes; nil if it is none. Dashes and braces make no difference, nor does `urn:uuid:`.
    static func canonical(_ text: String) -> String? {
        var rest = Substring(text)
        if let after = rest.after("urn:") { rest = after }
        if let after = rest.after("uuid:") { rest = after }
        let digits = rest.utf8.filter { !"{}-".utf8.contains($0) }
        guard digits.count == 32, let bytes = Hexadecimal.decode(String(decoding: digits, as: UTF8.self)) else {
            return nil
        }
        let plain = Hexadecimal.encode(bytes)
        var parts: [Substring] = []
        var start = plain.startIndex
        for length in [8, 4, 4, 4, 12] {
            let end = plain.utf8.index(start, offsetBy: length)
            parts.append(plain[start..<end])
            start = end
        }
        return parts.joined(separator: "-")
    }
}
