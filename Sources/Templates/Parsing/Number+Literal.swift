// Exact conversions of floating-point numbers call the maths library, which only an import links.
import Basics
import Glibc

extension Pipeline.Number {
    /// The value of a character literal: the number of its character.
    init(character literal: String) throws(GoLiteral.Invalid) {
        let value = try GoLiteral.character(literal)
        self.init(literal: literal, int: Int64(value), uint: UInt64(value), float: Double(value))
    }

    /// The value of a sum of a real and an imaginary number, such as `1+2i`.
    init(complex literal: String) throws(GoLiteral.Invalid) {
        let source = Source(literal)
        let middle = source.numberEnd(from: 0)
        guard let real = Self.float(source[0..<middle]),
            let imaginary = Self.float(source[middle..<source.bytes.count - 1])
        else { throw Self.illegal(literal) }
        self.init(literal: literal, complex: Pipeline.Complex(real: real, imaginary: imaginary))
    }

    /// The value of an integer, floating-point or imaginary literal, with an optional sign.
    init(_ literal: String) throws(GoLiteral.Invalid) {
        if literal.hasSuffix("i"), let imaginary = Self.float(String(literal.dropLast())) {
            self.init(literal: literal, complex: Pipeline.Complex(real: 0, imaginary: imaginary))
            return
        }
        let int = Self.signed(literal)
        let uint = int == 0 ? 0 : Self.unsigned(literal)
        if let value = int.map({ Double($0) }) ?? uint.map({ Double($0) }) {
            self.init(literal: literal, int: int, uint: uint, float: value)
            return
        }
        guard let value = Self.float(literal) else { throw Self.illegal(literal) }
        guard literal.contains(where: ".eEpP".contains) else {
            throw GoLiteral.Invalid(message: "integer overflow: \(GoLiteral.quoted(literal))")
        }
        self.init(literal: literal, float: value)
        self.int = Int64(exactly: value)
        self.uint = UInt64(exactly: value)
    }

    /// A complex number, which is also a real one when its imaginary part is zero.
    private init(literal: String, complex: Pipeline.Complex) {
        self.literal = literal
        self.complex = complex
        guard complex.imaginary == 0 else { return }
        float = complex.real
        int = Int64(exactly: complex.real)
        uint = UInt64(exactly: complex.real)
    }

    private init(literal: String, int: Int64? = nil, uint: UInt64? = nil, float: Double) {
        self.literal = literal
        self.int = int
        self.uint = uint
        self.float = float
    }

    private static func illegal(_ literal: String) -> GoLiteral.Invalid {
        GoLiteral.Invalid(message: "illegal number syntax: \(GoLiteral.quoted(literal))")
    }

    private static func signed(_ literal: String) -> Int64? {
        switch literal.first {
        case "-": unsigned(String(literal.dropFirst())).flatMap { Int64(exactly: -Int128($0)) }
        case "+": unsigned(String(literal.dropFirst())).flatMap(Int64.init(exactly:))
        default: unsigned(literal).flatMap(Int64.init(exactly:))
        }
    }

    /// An integer without a sign, in the base that its prefix says; a zero alone in front means octal.
    private static func unsigned(_ literal: String) -> UInt64? {
        guard literal.first?.isNumber == true, hasProperUnderscores(literal) else { return nil }
        let digits = literal.lowercased().filter { $0 != "_" }
        guard digits.first == "0", digits.count > 1 else { return UInt64(digits) }
        return switch digits.dropFirst().first {
        case "x": UInt64(digits.dropFirst(2), radix: 16)
        case "o": UInt64(digits.dropFirst(2), radix: 8)
        case "b": UInt64(digits.dropFirst(2), radix: 2)
        default: UInt64(digits, radix: 8)
        }
    }

    /// A finite floating-point number; a hexadecimal one needs an exponent.
    private static func float(_ literal: String) -> Double? {
        let digits = literal.lowercased().filter { $0 != "_" }
        guard hasProperUnderscores(literal), !digits.contains("x") || digits.contains("p"),
            let value = Double(digits), value.isFinite
        else { return nil }
        return value
    }

    /// Whether every underscore stands between digits; a prefix such as `0x` counts as one.
    private static func hasProperUnderscores(_ literal: String) -> Bool {
        guard literal.contains("_") else { return true }
        var digits = Array(literal.lowercased().utf8)
        if digits.first == UInt8(ascii: "+") || digits.first == UInt8(ascii: "-") { digits.removeFirst() }
        let isHexadecimal = digits.starts(with: "0x".utf8)
        if digits.count > 1, digits[0] == UInt8(ascii: "0"), "box".utf8.contains(digits[1]) { digits.remove(at: 1) }
        func isDigit(_ index: Int) -> Bool {
            guard digits.indices.contains(index) else { return false }
            return digits[index].isASCIIDigit || isHexadecimal && UInt8(ascii: "a")...UInt8(ascii: "f") ~= digits[index]
        }
        return digits.indices.allSatisfy { digits[$0] != UInt8(ascii: "_") || isDigit($0 - 1) && isDigit($0 + 1) }
    }
}

extension Source {
    /// The end of the number that begins at an offset: a sign, digits of the base that a prefix says, a fraction, an
    /// exponent and an `i`, all of them optional. What it takes may still have no value.
    func numberEnd(from start: Int) -> Int {
        var scanner = NumberScanner(source: self, end: start)
        scanner.scan()
        return scanner.end
    }

    private struct NumberScanner {
        let source: Source
        var end: Int

        mutating func scan() {
            accept("+-")
            var digits: StaticString = "0123456789_"
            var exponent: StaticString = "eE"
            if accept("0") {
                if accept("xX") {
                    (digits, exponent) = ("0123456789abcdefABCDEF_", "pP")
                } else if accept("oO") {
                    (digits, exponent) = ("01234567_", "")
                } else if accept("bB") {
                    (digits, exponent) = ("01_", "")
                }
            }
            while accept(digits) {}
            if accept(".") { while accept(digits) {} }
            if accept(exponent) {
                accept("+-")
                while accept("0123456789_") {}
            }
            accept("i")
        }

        @discardableResult
        private mutating func accept(_ set: StaticString) -> Bool {
            guard let byte = source.byte(at: end) else { return false }
            let isMember = (0..<set.utf8CodeUnitCount).contains { set.utf8Start[$0] == byte }
            if isMember { end += 1 }
            return isMember
        }
    }
}
