/// A decimal number taken apart: ±`digits` × 10^`exponent`, the digits without leading or trailing zeros; zero has none.
struct JSONDecimal {
    var isNegative = false
    var digits: [UInt8] = []
    var exponent = 0

    /// Reads the text of a JSON number or the description of a finite double, both known to be well-formed.
    init(_ text: some Sequence<UInt8>) {
        var inFraction = false
        var inExponent = false
        var power = 0
        var powerIsNegative = false
        for byte in text {
            switch byte {
            case UInt8(ascii: "-"): if inExponent { powerIsNegative = true } else { isNegative = true }
            case UInt8(ascii: "."): inFraction = true
            case UInt8(ascii: "e"), UInt8(ascii: "E"): inExponent = true
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if inExponent {
                    // Further out than any text has digits to bring back, yet far from overflow.
                    power = min(power * 10 + Int(byte & 15), 1 << 48)
                } else {
                    if byte != UInt8(ascii: "0") || !digits.isEmpty { digits.append(byte) }
                    if inFraction { exponent -= 1 }
                }
            default: break
            }
        }
        exponent += powerIsNegative ? -power : power
        while digits.last == UInt8(ascii: "0") {
            digits.removeLast()
            exponent += 1
        }
    }

    /// The shortest decimal that rounds to a finite double.
    init(_ value: Double) { self.init(value.description.utf8) }

    /// Where the decimal point stands, counted from before the first digit.
    var point: Int { digits.count + exponent }

    /// The digits of a whole number written out; only for numbers without a fraction and of sane size.
    var wholeDigits: [UInt8] {
        (isNegative ? [UInt8(ascii: "-")] : []) + digits + repeatElement(UInt8(ascii: "0"), count: exponent)
    }
}
