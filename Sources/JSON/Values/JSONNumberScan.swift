/// One number found at the start of some text by the JSON grammar; nothing is allocated until its value is wanted.
struct JSONNumberScan {
    /// The offset behind the last byte of the number.
    private(set) var end: Int
    /// All digits as one integer, wrapped round when `digitCount` exceeds 19.
    private var mantissa: UInt64 = 0
    private var digitCount = 0
    private var fractionCount = 0
    private var exponent = 0
    private var isNegative = false
    private var isPlain = true

    /// Scans the number at `start`; nil when there is none. What follows the number is not looked at.
    init?(_ text: UnsafeRawBufferPointer, at start: Int) {
        end = start
        isNegative = take(UInt8(ascii: "-"), in: text)
        let first = end
        guard takeDigits(in: text) > 0, text[first] != UInt8(ascii: "0") || end == first + 1 else { return nil }
        if take(UInt8(ascii: "."), in: text) {
            isPlain = false
            fractionCount = takeDigits(in: text)
            guard fractionCount > 0 else { return nil }
        }
        if take(UInt8(ascii: "e"), in: text) || take(UInt8(ascii: "E"), in: text) {
            isPlain = false
            guard takeExponent(in: text) else { return nil }
        }
    }

    private mutating func take(_ byte: UInt8, in text: UnsafeRawBufferPointer) -> Bool {
        guard end < text.count, text[end] == byte else { return false }
        end += 1
        return true
    }

    private mutating func takeDigits(in text: UnsafeRawBufferPointer) -> Int {
        let start = end
        while end < text.count, case let digit = text[end] &- UInt8(ascii: "0"), digit < 10 {
            mantissa = mantissa &* 10 &+ UInt64(digit)
            end += 1
        }
        digitCount += end - start
        return end - start
    }

    private mutating func takeExponent(in text: UnsafeRawBufferPointer) -> Bool {
        let isMinus = take(UInt8(ascii: "-"), in: text)
        if !isMinus { _ = take(UInt8(ascii: "+"), in: text) }
        let start = end
        while end < text.count, case let digit = text[end] &- UInt8(ascii: "0"), digit < 10 {
            exponent = min(exponent * 10 + Int(digit), 1 << 48)
            end += 1
        }
        if isMinus { exponent = -exponent }
        return end > start
    }

    /// The value of the number scanned from `start`; nil when it is too large for a double and no plain integer.
    func number(in text: UnsafeRawBufferPointer, from start: Int) -> JSONNumber? {
        if isPlain, digitCount < 19 {
            return JSONNumber(storage: .integer(isNegative ? -Int64(mantissa) : Int64(mantissa)))
        }
        return quickDouble ?? slowNumber(UnsafeRawBufferPointer(rebasing: text[start..<end]))
    }

    /// Digits and power of ten are both exact as doubles, so one correctly rounded operation gives the nearest double.
    private var quickDouble: JSONNumber? {
        let power = exponent - fractionCount
        guard digitCount < 19, mantissa < 1 << 53, power < 0, power >= -22 else { return nil }
        let value = Double(mantissa) / Self.powersOfTen[-power]
        return JSONNumber(finite: isNegative ? -value : value)
    }

    private static let powersOfTen: [Double] = (0...22).map { power in
        (0..<power).reduce(1) { product, _ in product * 10 }
    }

    private func slowNumber(_ text: UnsafeRawBufferPointer) -> JSONNumber? {
        let decimal = JSONDecimal(text)
        if decimal.digits.isEmpty { return JSONNumber(0) }
        if decimal.exponent >= 0, decimal.point <= 19 {
            let digits = decimal.wholeDigits
            if let value = Int64(String(decoding: digits, as: UTF8.self)) { return JSONNumber(Int(value)) }
        }
        // A double needs no more than 17 digits; a plain integer with more has to keep them.
        if isPlain, decimal.digits.count > 17 || decimal.point > 308 { return JSONNumber(storage: .long(Array(text))) }
        guard let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else { return nil }
        if isPlain, JSONDecimal(value).wholeDigits != Array(text) { return JSONNumber(storage: .long(Array(text))) }
        return JSONNumber(finite: value)
    }
}
