import Basics

/// Numbers as Go and sprig read them from text and make them of other values.
enum GoNumber {
    /// An integer with a sign in a base; base 0 takes it from a prefix such as `0x`, and allows underscores then.
    static func integer(_ text: String, base: Int) -> Int64? {
        guard base == 0 else { return Int64(text, radix: base).flatMap { isPlain(text) ? $0 : nil } }
        let digits =
            text.utf8.first.map { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") } == true
            ? String(text.dropFirst()) : text
        guard let first = digits.utf8.first, first.isASCIIDigit,
            let number = try? Pipeline.Number(digits), isInteger(digits)
        else { return nil }
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        if isNegative, number.uint == 1 << 63 { return .min }
        return number.int.map { isNegative ? -$0 : $0 }
    }

    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0.isASCIIDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
    }

    private static func isInteger(_ digits: String) -> Bool {
        let lower = digits.asciiLowercased
        if lower.utf8.contains(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "p") || $0 == UInt8(ascii: "i") })
        {
            return false
        }
        return lower.hasBytePrefix("0x") || !lower.utf8.contains(UInt8(ascii: "e"))
    }

    /// A floating-point number; nil when it is none, or too large.
    static func double(_ text: String) -> Double? {
        guard let first = text.utf8.first, first != UInt8(ascii: " "), let number = Double(text) else { return nil }
        let isNamed = text.utf8.contains { $0 | 0x20 == UInt8(ascii: "n") }
        let isHexadecimal = text.utf8.contains { $0 | 0x20 == UInt8(ascii: "x") }
        guard !isHexadecimal || text.utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "p") }) else { return nil }
        return number.isFinite || isNamed ? number : nil
    }

    /// The value as an integer: text is read, a fraction is cut off, and what is no number counts as zero.
    static func int64(_ value: TemplateValue) -> Int64 {
        switch value {
        case .integer(let number, _): number
        case .unsigned(let number, _): Int64(truncatingIfNeeded: number)
        case .float(let number): truncated(number)
        case .bool(let flag): flag ? 1 : 0
        case .string(let text): integer(withoutZeroFraction(text), base: 0) ?? 0
        default: 0
        }
    }

    /// The value as a floating-point number, by the same rules.
    static func double(_ value: TemplateValue) -> Double {
        switch value {
        case .integer(let number, _): Double(number)
        case .unsigned(let number, _): Double(number)
        case .float(let number): number
        case .bool(let flag): flag ? 1 : 0
        case .string(let text): double(text) ?? 0
        default: 0
        }
    }

    /// A number without its fraction; what does not fit becomes the smallest integer, as on Go's common processors.
    static func truncated(_ number: Double) -> Int64 {
        Int64(exactly: number.rounded(.towardZero)) ?? .min
    }

    private static func withoutZeroFraction(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard let end = bytes.lastIndex(where: { $0 != UInt8(ascii: "0") }), end < bytes.count - 1,
            bytes[end] == UInt8(ascii: ".")
        else { return text }
        return String(decoding: bytes[..<end], as: UTF8.self)
    }
}
