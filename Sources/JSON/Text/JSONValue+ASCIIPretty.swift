import Basics

extension JSONValue {
    /// The value over several lines, in ASCII only, as Python's `json.dumps(…, sort_keys=True, indent=2)` writes it: keys in
    /// order, other characters as `\uXXXX` in small letters, those above U+FFFF as two of them, doubles as Python spells them
    /// (`1e-07`, `1e+300`). Empty arrays and objects stay on one line.
    public func asciiPrettyBytes() -> [UInt8] {
        var output: [UInt8] = []
        appendASCIIPretty(to: &output)
        return output
    }

    /// Appends the same text.
    ///
    /// - Parameter margin: how many blanks all lines begin with but the first.
    public func appendASCIIPretty(to output: inout [UInt8], margin: Int = 0) {
        switch self {
        case .array(let values) where !values.isEmpty:
            output.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                output.startPrettyLine(margin: margin + 2, afterComma: index > 0)
                value.appendASCIIPretty(to: &output, margin: margin + 2)
            }
            output.startPrettyLine(margin: margin)
            output.append(UInt8(ascii: "]"))
        case .object(let object) where !object.isEmpty:
            output.append(UInt8(ascii: "{"))
            for (index, member) in object.members.enumerated() {
                output.startPrettyLine(margin: margin + 2, afterComma: index > 0)
                output.append(quotedASCII: member.key)
                output += ": ".utf8
                member.value.appendASCIIPretty(to: &output, margin: margin + 2)
            }
            output.startPrettyLine(margin: margin)
            output.append(UInt8(ascii: "}"))
        case .string(let text): output.append(quotedASCII: text)
        case .number(let number): output += number.pythonText.utf8
        default: write(into: &output)
        }
    }
}

extension JSONSlice {
    /// Appends the value as ``JSONValue/appendASCIIPretty(to:margin:)`` does. What needs no other spelling is copied, not
    /// decoded: texts in printable ASCII, whole numbers, flags and null.
    public func appendASCIIPretty(to output: inout [UInt8], margin: Int = 0) {
        if isCopiedAsIs {
            output.append(contentsOf: rawBytes)
        } else {
            value().appendASCIIPretty(to: &output, margin: margin)
        }
    }

    private var isCopiedAsIs: Bool {
        switch kind {
        case .bool, .null: true
        case .string: rawBytes.allSatisfy { 0x20..<0x7F ~= $0 }
        case .number: rawBytes.allSatisfy { $0.isASCIIDigit || $0 == UInt8(ascii: "-") }
        case .array, .object: rawBytes.count == 2
        }
    }
}

extension JSONNumber {
    /// The number as Python spells it: whole ones in digits, unless they have more than 21, others as `repr` does.
    public var pythonText: String {
        guard case .double(let value) = storage, !isInteger || value.magnitude >= 1e21 else { return text }
        return value.description
    }
}

extension [UInt8] {
    fileprivate mutating func startPrettyLine(margin: Int, afterComma: Bool = false) {
        if afterComma { append(UInt8(ascii: ",")) }
        append(UInt8(ascii: "\n"))
        append(contentsOf: repeatElement(UInt8(ascii: " "), count: margin))
    }

    /// Appends a string in quotes, all but printable ASCII escaped.
    fileprivate mutating func append(quotedASCII text: String) {
        append(UInt8(ascii: "\""))
        for unit in text.utf16 {
            switch unit {
            case 0x22, 0x5C: self += [UInt8(ascii: "\\"), UInt8(unit)]
            case 0x20..<0x7F: append(UInt8(unit))
            case 0x08: self += "\\b".utf8
            case 0x09: self += "\\t".utf8
            case 0x0A: self += "\\n".utf8
            case 0x0C: self += "\\f".utf8
            case 0x0D: self += "\\r".utf8
            default: append(escapeOf: unit)
            }
        }
        append(UInt8(ascii: "\""))
    }

    private mutating func append(escapeOf unit: UInt16) {
        self += "\\u".utf8
        for shift in [12, 8, 4, 0] {
            let digit = UInt8(truncatingIfNeeded: unit >> UInt16(shift) & 15)
            append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}
