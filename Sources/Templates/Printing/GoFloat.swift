import Basics
import Glibc

/// Floating-point numbers as Go's `strconv` writes them.
enum GoFloat {
    /// How a number is written.
    enum Style {
        /// `%e`: one digit, a fraction and an exponent.
        case scientific

        /// `%f`: no exponent.
        case fixed

        /// `%g`: whichever is shorter.
        case general

        /// `%x`: hexadecimal digits and a power of two.
        case hexadecimal

        /// `%b`: a decimal integer and a power of two.
        case binary
    }

    /// The digits of a number: 0.d₁d₂… times ten to the power of `point`.
    private struct Digits {
        var digits: [UInt8]
        var point: Int

        /// The digits of a number in C's form `d.ddde±dd`, or of Swift's shortest description.
        init(scientific text: String) {
            let parts = text.parts(between: "e")
            let mantissa = Array(parts[0].utf8)
            let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
            let dot = mantissa.firstIndex(of: UInt8(ascii: ".")) ?? mantissa.count
            digits = mantissa.filter { $0 != UInt8(ascii: ".") }
            point = dot + exponent
            let zeros = digits.prefix { $0 == UInt8(ascii: "0") }.count
            digits.removeFirst(zeros)
            point -= zeros
            while digits.last == UInt8(ascii: "0") { digits.removeLast() }
            if digits.isEmpty { point = 0 }
        }
    }

    /// The text of a number; without a precision, as many digits as tell it from its neighbours.
    static func text(_ number: Double, _ style: Style, precision: Int? = nil) -> String {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number < 0 ? "-Inf" : "+Inf" }
        let sign = number.sign == .minus ? "-" : ""
        let value = number.magnitude
        switch style {
        case .hexadecimal: return sign + hexadecimal(value, precision)
        case .binary: return sign + binary(value)
        case .fixed: return sign + (precision.map { formatted("%.*f", value, $0) } ?? fixed(shortest(value)))
        case .scientific:
            return sign + (precision.map { formatted("%.*e", value, $0) } ?? scientific(shortest(value)))
        case .general: return sign + general(value, precision)
        }
    }

    private static func shortest(_ value: Double) -> Digits { Digits(scientific: value.description) }

    private static func general(_ value: Double, _ precision: Int?) -> String {
        let wanted = precision.map { max(1, $0) }
        let digits = wanted.map { Digits(scientific: formatted("%.*e", value, $0 - 1)) } ?? shortest(value)
        let count = digits.digits.count
        var limit = wanted ?? 6
        if wanted != nil, limit > count, count >= digits.point { limit = count }
        let exponent = digits.digits.isEmpty ? -1 : digits.point - 1
        if digits.digits.isEmpty { return "0" }
        return exponent < -4 || exponent >= limit ? scientific(digits) : fixed(digits)
    }

    private static func scientific(_ number: Digits) -> String {
        guard let first = number.digits.first else { return "0e+00" }
        let exponent = number.point - 1
        let power = exponent.magnitude
        let fraction = number.digits.dropFirst()
        return String(decoding: [first], as: UTF8.self)
            + (fraction.isEmpty ? "" : "." + String(decoding: fraction, as: UTF8.self))
            + (exponent < 0 ? "e-" : "e+") + (power < 10 ? "0" : "") + "\(power)"
    }

    private static func fixed(_ number: Digits) -> String {
        let digits = String(decoding: number.digits, as: UTF8.self)
        let count = number.digits.count
        if number.point <= 0 {
            return count == 0 ? "0" : "0." + String(repeating: "0", count: -number.point) + digits
        }
        if number.point >= count { return digits + String(repeating: "0", count: number.point - count) }
        let whole = digits.utf8.index(digits.utf8.startIndex, offsetBy: number.point)
        return digits[..<whole] + "." + digits[whole...]
    }

    private static func binary(_ value: Double) -> String {
        guard value != 0 else { return "0p-1074" }
        let isSubnormal = value.exponentBitPattern == 0
        let significand = value.significandBitPattern | (isSubnormal ? 0 : 1 << 52)
        let exponent = (isSubnormal ? 1 : Int(value.exponentBitPattern)) - 1075
        return "\(significand)p\(exponent < 0 ? "" : "+")\(exponent)"
    }

    private static func hexadecimal(_ value: Double, _ precision: Int?) -> String {
        // C writes numbers too small for a leading 1 with a leading 0; scaled up they have one.
        let scale = value != 0 && value.exponentBitPattern == 0 ? 64 : 0
        let scaled = scalbn(value, Int32(scale))
        let text = precision.map { formatted("%.*a", scaled, $0) } ?? formatted("%.*a", scaled, -1)
        let parts = text.parts(between: "p")
        let exponent = (Int(parts[1]) ?? 0) - scale
        let power = exponent.magnitude
        return parts[0] + (exponent < 0 ? "p-" : "p+") + (power < 10 ? "0" : "") + "\(power)"
    }

    /// C's formatting, which rounds exactly; a negative precision counts as none.
    private static func formatted(_ format: String, _ value: Double, _ precision: Int) -> String {
        withVaList([Int32(clamping: precision), value]) { arguments in
            withVaList([Int32(clamping: precision), value]) { again in
                let count = Int(vsnprintf(nil, 0, format, arguments))
                return String(unsafeUninitializedCapacity: count + 1) { buffer in
                    buffer.withMemoryRebound(to: CChar.self) {
                        Int(vsnprintf($0.baseAddress, count + 1, format, again))
                    }
                }
            }
        }
    }
}
