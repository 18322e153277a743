extension JSONValue {
    /// The value as Go prints a decoded one with `%#v`, which is how it appears in pointer errors (C §8.1).
    var goSyntax: String {
        switch self {
        case .null: "interface {}(nil)"
        case .bool(let value): String(value)
        case .number(let number): number.text
        case .string(let text): text.goQuoted
        case .array(let elements): "[]interface {}{\(elements.map(\.goSyntax).joined(separator: ", "))}"
        case .object(let object):
            "map[string]interface {}{\(object.map { "\($0.goQuoted):\($1.goSyntax)" }.joined(separator: ", "))}"
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
