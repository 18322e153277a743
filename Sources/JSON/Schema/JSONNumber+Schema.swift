extension JSONNumber {
    /// The number as messages show it, with ten significant digits (Go's `%.10g`): `3`, `0.1`, `1e+10`.
    var messageText: String {
        var decimal = JSONDecimal(bytes)
        if decimal.digits.isEmpty { return "0" }
        decimal.round(to: 10)
        let sign = decimal.isNegative ? "-" : ""
        let digits = String(decoding: decimal.digits, as: UTF8.self)
        switch decimal.point {
        case -3...0: return sign + "0." + String(repeating: "0", count: -decimal.point) + digits
        case 1...10:
            guard decimal.exponent < 0 else {
                return sign + digits + String(repeating: "0", count: decimal.exponent)
            }
            return sign + digits.prefix(decimal.point) + "." + digits.dropFirst(decimal.point)
        case let point:
            let power = (point - 1).magnitude.description
            let mantissa = digits.count == 1 ? digits : digits.prefix(1) + "." + digits.dropFirst()
            return sign + mantissa + (point > 0 ? "e+" : "e-") + (power.count == 1 ? "0" + power : power)
        }
    }

    /// Whether `isMultiple(of:)` this number can be asked: it has a divisor's size.
    var canDivide: Bool { JSONDecimal(bytes).digits.count <= 19 }

    /// Whether this number is a whole number of times the other, which is positive; exact for decimals: 0.3 is a multiple
    /// of 0.1.
    func isMultiple(of divisor: JSONNumber) -> Bool {
        let decimal = JSONDecimal(bytes)
        let other = JSONDecimal(divisor.bytes)
        if decimal.digits.isEmpty { return true }
        // Neither has trailing zeros, so a quotient with a smaller power of ten has a fraction.
        guard decimal.exponent >= other.exponent, let modulus = UInt64(String(decoding: other.digits, as: UTF8.self))
        else { return false }
        var remainder: UInt64 = 0
        for digit in decimal.digits {
            remainder = modulus.remainder(of: remainder, times: 10, plus: UInt64(digit & 15))
        }
        var (factor, power) = (10 % modulus, decimal.exponent - other.exponent)
        while power > 0 {
            if power & 1 == 1 { remainder = modulus.remainder(of: remainder, times: factor) }
            factor = modulus.remainder(of: factor, times: factor)
            power >>= 1
        }
        return remainder == 0
    }
}

extension UInt64 {
    /// `(a × b + c) mod self` for `a`, `b` below self or `b` and `c` small.
    fileprivate func remainder(of a: UInt64, times b: UInt64, plus c: UInt64 = 0) -> UInt64 {
        UInt64((UInt128(a) * UInt128(b) + UInt128(c)) % UInt128(self))
    }
}

extension JSONDecimal {
    /// Rounds to so many significant digits.
    fileprivate mutating func round(to count: Int) {
        guard digits.count > count else { return }
        let up = digits[count] >= UInt8(ascii: "5")
        exponent += digits.count - count
        digits.removeSubrange(count...)
        if up {
            while digits.last == UInt8(ascii: "9") {
                digits.removeLast()
                exponent += 1
            }
            if digits.isEmpty { digits.append(UInt8(ascii: "1")) } else { digits[digits.count - 1] += 1 }
        }
        while digits.last == UInt8(ascii: "0") {
            digits.removeLast()
            exponent += 1
        }
    }
}
