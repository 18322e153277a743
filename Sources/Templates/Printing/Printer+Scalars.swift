extension Printer {
    /// Prints text.
    mutating func printString(_ text: String, _ value: TemplateValue, _ verb: Unicode.Scalar) {
        switch verb {
        case "v" where !flags.sharpV, "s": printText(text, verb)
        case "v", "q": printQuoted(text)
        case "x", "X": printHexadecimal(text, uppercase: verb == "X")
        default: printBad(value, verb)
        }
    }

    /// Prints text, cut at the precision.
    mutating func printText(_ text: String, _ verb: Unicode.Scalar) {
        pad(cut(text))
    }

    private func cut(_ text: String) -> String {
        guard let precision = flags.precision else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(precision)))
    }

    private mutating func printQuoted(_ text: String) {
        let text = cut(text)
        if flags.sharp, text.unicodeScalars.allSatisfy({ GoLiteral.mayStandRaw($0) }) { return pad("`\(text)`") }
        pad(GoLiteral.quoted(text, onlyASCII: flags.plus))
    }

    private mutating func printHexadecimal(_ text: String, uppercase: Bool) {
        let bytes = text.utf8.prefix(flags.precision ?? .max)
        let prefix = flags.sharp ? (uppercase ? "0X" : "0x") : ""
        var result = ""
        for byte in bytes {
            if result.isEmpty || flags.space { result += (result.isEmpty ? "" : " ") + prefix }
            result += GoLiteral.hexadecimal(UInt32(byte), width: 2, uppercase: uppercase)
        }
        pad(result)
    }

    /// Prints an integer; `isNegative` is nil for unsigned types.
    mutating func printInteger(
        _ magnitude: UInt64, isNegative: Bool?, _ value: TemplateValue, _ verb: Unicode.Scalar
    ) {
        let isHexadecimalV = verb == "v" && flags.sharpV && isNegative == nil
        switch verb {
        case "v" where isHexadecimalV:
            let sharp = flags.sharp
            flags.sharp = true
            printDigits(magnitude, isNegative: false, radix: 16, verb)
            flags.sharp = sharp
        case "v", "d": printDigits(magnitude, isNegative: isNegative == true, radix: 10, verb)
        case "b": printDigits(magnitude, isNegative: isNegative == true, radix: 2, verb)
        case "o", "O": printDigits(magnitude, isNegative: isNegative == true, radix: 8, verb)
        case "x", "X": printDigits(magnitude, isNegative: isNegative == true, radix: 16, verb)
        case "c": pad(String(Self.scalar(magnitude, isNegative)))
        case "q": pad(GoLiteral.quoted(character: Self.scalar(magnitude, isNegative), onlyASCII: flags.plus))
        case "U": printUnicode(isNegative == true ? 0 &- magnitude : magnitude)
        default: printBad(value, verb)
        }
    }

    private static func scalar(_ magnitude: UInt64, _ isNegative: Bool?) -> Unicode.Scalar {
        guard isNegative != true, let value = UInt32(exactly: magnitude) else { return "\u{FFFD}" }
        return Unicode.Scalar(value) ?? "\u{FFFD}"
    }

    private mutating func printUnicode(_ value: UInt64) {
        let digits = String(value, radix: 16, uppercase: true)
        var text =
            "U+" + String(repeating: "0", count: max(0, max(4, flags.precision ?? 4) - digits.utf8.count)) + digits
        if flags.sharp, let scalar = UInt32(exactly: value).flatMap(Unicode.Scalar.init), scalar.isPrintable {
            text += " '\(scalar)'"
        }
        pad(text, zeros: false)
    }

    private mutating func printDigits(_ magnitude: UInt64, isNegative: Bool, radix: Int, _ verb: Unicode.Scalar) {
        if flags.precision == 0, magnitude == 0 { return write(padding(flags.width ?? 0, zeros: false)) }
        let sign = isNegative ? "-" : flags.plus ? "+" : flags.space ? " " : ""
        var digits = String(magnitude, radix: radix, uppercase: verb == "X")
        var wanted = flags.precision ?? 0
        if flags.precision == nil, flags.zero, let width = flags.width { wanted = width - sign.utf8.count }
        digits = String(repeating: "0", count: max(0, wanted - digits.utf8.count)) + digits
        if flags.sharp {
            switch radix {
            case 2: digits = "0b" + digits
            case 8 where digits.utf8.first != UInt8(ascii: "0"): digits = "0" + digits
            case 16: digits = (verb == "X" ? "0X" : "0x") + digits
            default: break
            }
        }
        pad(sign + (verb == "O" ? "0o" : "") + digits, zeros: false)
    }

    /// Prints a complex number.
    mutating func printComplex(_ number: Pipeline.Complex, _ value: TemplateValue, _ verb: Unicode.Scalar) {
        guard "vbgGxXfFeE".unicodeScalars.contains(verb) else { return printBad(value, verb) }
        let plus = flags.plus
        write("(")
        printFloat(number.real, value, verb)
        flags.plus = true
        printFloat(number.imaginary, value, verb)
        write("i)")
        flags.plus = plus
    }
}
