extension JSONNumber: Comparable {
    /// Order by exact value.
    public static func < (left: JSONNumber, right: JSONNumber) -> Bool {
        switch (left.storage, right.storage) {
        case (.integer(let a), .integer(let b)): a < b
        case (.double(let a), .double(let b)): a < b
        case (.integer(let a), .double(let b)): isLess(a, b)
        case (.double(let a), .integer(let b)): !isLess(b, a)
        // A long number is further from zero than any Int64.
        case (.integer, .long(let b)): !isNegative(b)
        case (.long(let a), .integer): isNegative(a)
        case (.long(let a), .long(let b)): isLess(a, b)
        case (.double, .long), (.long, .double): isLessAsDecimal(left, right)
        }
    }

    /// Compares an integer with a stored double, which is never equal to one.
    private static func isLess(_ integer: Int64, _ double: Double) -> Bool {
        guard let floor = Int64(exactly: double.rounded(.down)) else { return double > 0 }
        return integer <= floor
    }

    private static func isNegative(_ digits: [UInt8]) -> Bool { digits.first == UInt8(ascii: "-") }

    /// Compares the texts of two whole numbers without leading zeros.
    private static func isLess(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard isNegative(left) == isNegative(right) else { return isNegative(left) }
        let (low, high) = isNegative(left) ? (right, left) : (left, right)
        return low.count != high.count ? low.count < high.count : low.lexicographicallyPrecedes(high)
    }

    /// Rounding keeps order, so only numbers with one nearest double need their digits compared.
    private static func isLessAsDecimal(_ left: JSONNumber, _ right: JSONNumber) -> Bool {
        let (a, b) = (left.doubleValue, right.doubleValue)
        return a != b ? a < b : isLess(left.wholeDigits, right.wholeDigits)
    }

    /// The digits of a long number or of a double as large as one.
    private var wholeDigits: [UInt8] {
        switch storage {
        case .integer(let value): Array(value.description.utf8)
        case .long(let digits): digits
        case .double(let value): JSONDecimal(value).wholeDigits
        }
    }
}
