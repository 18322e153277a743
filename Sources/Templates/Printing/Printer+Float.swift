extension Printer {
    /// Prints a floating-point number.
    mutating func printFloat(_ number: Double, _ value: TemplateValue, _ verb: Unicode.Scalar) {
        let style: GoFloat.Style
        var precision: Int?
        switch verb {
        case "v", "g": style = .general
        case "G": style = .general
        case "x", "X": style = .hexadecimal
        case "b": style = .binary
        case "f", "F": (style, precision) = (.fixed, 6)
        case "e", "E": (style, precision) = (.scientific, 6)
        default: return printBad(value, verb)
        }
        precision = flags.precision ?? precision
        let isUppercase = verb == "G" || verb == "E" || verb == "X"
        let text = GoFloat.text(number, style, precision: precision)
        let body = isUppercase && number.isFinite ? Self.capitals(of: text) : text
        printNumber(body, number, style, precision)
    }

    private static func capitals(of text: String) -> String {
        String(decoding: text.utf8.map { UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 ? $0 & 0xDF : $0 }, as: UTF8.self)
    }

    private mutating func printNumber(_ text: String, _ number: Double, _ style: GoFloat.Style, _ precision: Int?) {
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        var digits = isNegative || text.utf8.first == UInt8(ascii: "+") ? String(text.dropFirst()) : text
        var sign = isNegative ? "-" : flags.plus ? "+" : flags.space ? " " : ""
        guard number.isFinite else {
            // Infinity has a sign always, what is no number only if one is asked for.
            if sign.isEmpty, !number.isNaN { sign = "+" }
            return pad(sign + digits, zeros: false)
        }
        if flags.sharp, style != .binary { digits = completed(digits, style, precision) }
        guard !sign.isEmpty, flags.zero, let width = flags.width, !flags.minus else { return pad(sign + digits) }
        write(sign + padding(width - digits.utf8.count - sign.utf8.count, zeros: true) + digits)
    }

    /// The digits with a decimal point, and with the zeros behind it that the shortest form leaves out.
    private func completed(_ text: String, _ style: GoFloat.Style, _ precision: Int?) -> String {
        let isExponent: (UInt8) -> Bool = { byte in
            style == .hexadecimal ? byte | 0x20 == UInt8(ascii: "p") : byte | 0x20 == UInt8(ascii: "e")
        }
        let split = text.utf8.firstIndex(where: isExponent) ?? text.utf8.endIndex
        var mantissa = String(text[..<split])
        let tail = text[split...]
        var missing = style == .general || style == .hexadecimal ? precision ?? 6 : 0
        let significant = mantissa.utf8.filter { $0 != UInt8(ascii: ".") }.drop { $0 == UInt8(ascii: "0") }.count
        missing -= significant
        if !mantissa.utf8.contains(UInt8(ascii: ".")) {
            if mantissa.utf8.elementsEqual("0".utf8) { missing -= 1 }
            mantissa += "."
        }
        return mantissa + String(repeating: "0", count: max(0, missing)) + tail
    }
}
