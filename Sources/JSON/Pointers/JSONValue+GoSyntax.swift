extension JSONValue {
    /// How many bytes of a value its Go syntax shows.
    private static let longestGoSyntax = 64 << 10

    /// The value as Go prints a decoded one with `%#v`, which is how it appears in pointer errors (C §8.1). A long one ends
    /// with an ellipsis.
    var goSyntax: String {
        var text = ""
        writeGoSyntax(into: &text)
        return text.utf8.count < Self.longestGoSyntax ? text : text + "…"
    }

    private func writeGoSyntax(into text: inout String) {
        switch self {
        case .null: text += "interface {}(nil)"
        case .bool(let value): text += String(value)
        case .number(let number): text += number.text
        case .string(let string): text += string.goQuoted
        case .array(let elements):
            text += "[]interface {}{"
            for (index, element) in elements.enumerated() {
                guard text.utf8.count < Self.longestGoSyntax else { return }
                if index > 0 { text += ", " }
                element.writeGoSyntax(into: &text)
            }
            text += "}"
        case .object(let object):
            text += "map[string]interface {}{"
            for (index, member) in object.members.enumerated() {
                guard text.utf8.count < Self.longestGoSyntax else { return }
                if index > 0 { text += ", " }
                text += member.key.goQuoted + ":"
                member.value.writeGoSyntax(into: &text)
            }
            text += "}"
        }
    }
}

extension String {
    /// The text as a Go string literal; what is not printable ASCII or a letter, number, mark or symbol is escaped.
    var goQuoted: String {
        var text = "\""
        for scalar in unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F: text += "\\x" + scalar.hexadecimal(digits: 2)
            case _ where scalar.isGoPrintable: text.unicodeScalars.append(scalar)
            case _ where scalar.value < 0x10000: text += "\\u" + scalar.hexadecimal(digits: 4)
            default: text += "\\U" + scalar.hexadecimal(digits: 8)
            }
        }
        return text + "\""
    }
}

extension Unicode.Scalar {
    fileprivate var isGoPrintable: Bool {
        switch properties.generalCategory {
        case .spaceSeparator: self == " "
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }

    fileprivate func hexadecimal(digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
