import Basics

/// Numbers as go-yaml 2 reads them: whole ones as Go writes them, in four bases and with underscores; a leading zero means
/// base 8.
enum YAMLNumber {
    /// The number that `text` spells, which starts with a digit or a sign; nil if it spells none.
    static func value(_ text: String) -> YAMLScalar? {
        let digits = text.utf8.filter { $0 != UInt8(ascii: "_") }
        let plain = String(decoding: digits, as: UTF8.self)
        if let whole = whole(plain, base: nil) { return whole }
        if let fraction = fraction(plain) { return .float(fraction) }
        // Go's older base 2, which has the sign behind the prefix.
        return plain.hasPrefix("0b") ? whole(String(plain.dropFirst(2)), base: 2) : nil
    }

    /// The number that `text` spells, which starts with its point; here an underscore must stand between two digits.
    static func decimals(_ text: String) -> Double? {
        let parts = text.utf8.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
        let isDivided = parts.indices.dropFirst().allSatisfy { index in
            parts[index - 1].last?.isASCIIDigit == true && parts[index].first?.isASCIIDigit == true
        }
        return isDivided ? fraction(String(decoding: parts.joined(), as: UTF8.self)) : nil
    }

    /// The number that decimal digits with a point or an exponent spell; nil if they spell none, or one that no double holds.
    static func fraction(_ text: String) -> Double? {
        var rest = Array(text.utf8)[...]
        if let first = rest.first, first == UInt8(ascii: "+") || first == UInt8(ascii: "-") { rest.removeFirst() }
        let whole = takeDigits(&rest)
        var decimals: ArraySlice<UInt8> = []
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            decimals = takeDigits(&rest)
        }
        guard !whole.isEmpty || !decimals.isEmpty else { return nil }
        var exponent = "0"
        if let letter = rest.first, letter | 0x20 == UInt8(ascii: "e") {
            rest.removeFirst()
            let isNegative = rest.first == UInt8(ascii: "-")
            if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
            let digits = takeDigits(&rest)
            guard !digits.isEmpty else { return nil }
            exponent = (isNegative ? "-" : "") + String(decoding: digits, as: UTF8.self)
        }
        guard rest.isEmpty else { return nil }
        let sign = text.hasPrefix("-") ? "-" : ""
        let mantissa = "\(String(decoding: whole, as: UTF8.self)).\(String(decoding: decimals, as: UTF8.self))0"
        let value = Double("\(sign)0\(mantissa)e\(exponent)")
        return value.flatMap { $0.isFinite ? $0 : nil }
    }

    /// The whole number that `text` spells in `base`, or, if that is nil, in the base that its prefix tells.
    private static func whole(_ text: String, base: Int?) -> YAMLScalar? {
        var digits = text[...]
        let sign = digits.first.flatMap { $0 == "+" || $0 == "-" ? $0 : nil }
        if sign != nil { digits.removeFirst() }
        let radix = base ?? takePrefix(&digits)
        // `init(_:radix:)` takes a sign of its own.
        guard let first = digits.first, first.isHexDigit, let size = UInt64(digits, radix: radix) else { return nil }
        if sign == "-" {
            return size <= Int64.min.magnitude ? .integer(Int64(truncatingIfNeeded: 0 &- size)) : nil
        }
        if let value = Int64(exactly: size) { return .integer(value) }
        return sign == nil ? .unsigned(size) : nil
    }

    /// Takes the prefix that tells a base off, and returns the base.
    private static func takePrefix(_ digits: inout Substring) -> Int {
        guard digits.count > 1, digits.hasPrefix("0") else { return 10 }
        digits.removeFirst()
        let bases: [Character: Int] = ["x": 16, "X": 16, "b": 2, "B": 2, "o": 8, "O": 8]
        guard let base = digits.first.flatMap({ bases[$0] }) else { return 8 }
        digits.removeFirst()
        return base
    }

    private static func takeDigits(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let digits = rest.prefix { $0.isASCIIDigit }
        rest = rest.dropFirst(digits.count)
        return digits
    }
}
