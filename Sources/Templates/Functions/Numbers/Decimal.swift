import Basics

/// A decimal number with any number of digits, for sums and products without the errors of binary fractions.
struct Decimal {
    /// The digits' value in groups of nine, the lowest first; no group at the end is zero.
    private var limbs: [UInt32]

    private var isNegative: Bool

    /// The power of ten that the digits are multiplied by.
    private var exponent: Int

    private static let base: UInt64 = 1_000_000_000

    private init(limbs: [UInt32], isNegative: Bool, exponent: Int) {
        self.limbs = limbs
        while self.limbs.last == 0 { self.limbs.removeLast() }
        self.isNegative = isNegative && !self.limbs.isEmpty
        self.exponent = exponent
    }

    /// The number that the shortest decimal form of a floating-point number is; nil for infinity and NaN.
    init?(_ number: Double) {
        guard number.isFinite else { return nil }
        let parts = number.magnitude.description.parts(between: "e")
        let power = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        let digits = parts[0].utf8.filter { $0 != UInt8(ascii: ".") }
        let fraction = parts[0].utf8.reversed().prefix { $0 != UInt8(ascii: ".") }.count
        let places = parts[0].utf8.contains(UInt8(ascii: ".")) ? fraction : 0
        self.init(limbs: Self.limbs(digits), isNegative: number < 0, exponent: power - places)
    }

    private static func limbs(_ digits: [UInt8]) -> [UInt32] {
        stride(from: digits.count, to: 0, by: -9).map { end in
            digits[max(0, end - 9)..<end].reduce(0) { $0 * 10 + UInt32($1 - UInt8(ascii: "0")) }
        }
    }

    /// The nearest floating-point number.
    var double: Double {
        Double((isNegative ? "-0" : "0") + digits + "e\(exponent)") ?? 0
    }

    /// How much work it is to calculate with the number.
    var work: Int { limbs.count * (limbs.count + 8) }

    /// The digits, with zeros in front.
    private var digits: String {
        limbs.reversed().map { limb in
            let text = String(limb)
            return String(repeating: "0", count: 9 - text.utf8.count) + text
        }
        .joined()
    }

    /// The number with a smaller exponent and more digits.
    private func scaled(to smaller: Int) -> Decimal {
        var result = self
        var places = exponent - smaller
        result.exponent = smaller
        guard places > 0, !limbs.isEmpty else { return result }
        result.limbs = Array(repeating: 0, count: places / 9) + limbs
        places %= 9
        let factor = (0..<places).reduce(UInt64(1)) { power, _ in power * 10 }
        result.multiply(by: factor)
        return result
    }

    private mutating func multiply(by factor: UInt64) {
        var carry: UInt64 = 0
        for index in limbs.indices {
            let product = UInt64(limbs[index]) * factor + carry
            limbs[index] = UInt32(product % Self.base)
            carry = product / Self.base
        }
        if carry > 0 { limbs.append(UInt32(carry)) }
    }

    private static func isLess(_ left: [UInt32], _ right: [UInt32]) -> Bool {
        left.count == right.count
            ? left.reversed().lexicographicallyPrecedes(right.reversed()) : left.count < right.count
    }

    /// The sum.
    static func + (left: Decimal, right: Decimal) -> Decimal {
        let exponent = min(left.exponent, right.exponent)
        var (a, b) = (left.scaled(to: exponent), right.scaled(to: exponent))
        if isLess(a.limbs, b.limbs) { swap(&a, &b) }
        let isSum = a.isNegative == b.isNegative
        var carry: Int64 = 0
        for index in a.limbs.indices {
            let other = index < b.limbs.count ? Int64(b.limbs[index]) : 0
            var limb = Int64(a.limbs[index]) + (isSum ? other : -other) + carry
            carry = limb < 0 ? -1 : limb / Int64(base)
            limb -= carry * Int64(base)
            a.limbs[index] = UInt32(limb)
        }
        if carry > 0 { a.limbs.append(UInt32(carry)) }
        return Decimal(limbs: a.limbs, isNegative: a.isNegative, exponent: exponent)
    }

    /// The difference.
    static func - (left: Decimal, right: Decimal) -> Decimal {
        left + Decimal(limbs: right.limbs, isNegative: !right.isNegative, exponent: right.exponent)
    }

    /// The product.
    static func * (left: Decimal, right: Decimal) -> Decimal {
        var product = [UInt32](repeating: 0, count: left.limbs.count + right.limbs.count)
        for (place, limb) in left.limbs.enumerated() {
            var carry: UInt64 = 0
            for (offset, other) in right.limbs.enumerated() {
                let sum = UInt64(limb) * UInt64(other) + UInt64(product[place + offset]) + carry
                product[place + offset] = UInt32(sum % base)
                carry = sum / base
            }
            product[place + right.limbs.count] = UInt32(carry)
        }
        let exponent = left.exponent + right.exponent
        return Decimal(limbs: product, isNegative: left.isNegative != right.isNegative, exponent: exponent)
    }

    /// The quotient, rounded to sixteen places behind the point; nil for a division by zero.
    static func / (left: Decimal, right: Decimal) -> Decimal? {
        guard !right.limbs.isEmpty else { return nil }
        // One place more, to round by.
        let dividend = left.scaled(to: min(left.exponent, right.exponent - 17))
        var quotient = [UInt32](repeating: 0, count: dividend.limbs.count)
        var rest = Decimal(limbs: [], isNegative: false, exponent: 0)
        for index in dividend.limbs.indices.reversed() {
            rest.limbs.insert(dividend.limbs[index], at: 0)
            while rest.limbs.last == 0 { rest.limbs.removeLast() }
            quotient[index] = digit(&rest, right.limbs)
        }
        let result = Decimal(
            limbs: quotient, isNegative: left.isNegative != right.isNegative,
            exponent: dividend.exponent - right.exponent)
        return result.rounded(toPlace: -16)
    }

    /// How often a divisor fits into a rest, which keeps what is left.
    private static func digit(_ rest: inout Decimal, _ divisor: [UInt32]) -> UInt32 {
        var (low, high): (UInt64, UInt64) = (0, base - 1)
        var best = Decimal(limbs: [], isNegative: false, exponent: 0)
        while low < high {
            let middle = (low + high + 1) / 2
            var product = Decimal(limbs: divisor, isNegative: false, exponent: 0)
            product.multiply(by: middle)
            if isLess(rest.limbs, product.limbs) {
                high = middle - 1
            } else {
                low = middle
                best = product
            }
        }
        rest = rest - best
        return UInt32(low)
    }

    /// The number without the digits below a place, the last one rounded half away from zero.
    private func rounded(toPlace place: Int) -> Decimal {
        guard exponent < place else { return self }
        let sum = self + Decimal(limbs: [5], isNegative: isNegative, exponent: place - 1)
        let kept = Array(sum.digits.utf8.dropLast(place - sum.exponent))
        return Decimal(limbs: Self.limbs(kept), isNegative: isNegative, exponent: place)
    }
}
