extension RegexParser {
    /// What begins with a backslash outside a class.
    mutating func parseEscapedAtom() throws(SyntaxError) -> [RegexNode] {
        if let scalars = try parseClassEscape() { return [.scalar(scalars.finished(foldsCase: flags.foldsCase))] }
        guard index + 1 < scalars.count else { throw fault(.trailingBackslash, from: scalars.count, to: scalars.count) }
        let assertion: RegexAssertion
        switch scalars[index + 1] {
        case "A": assertion = .textStart
        case "z": assertion = .textEnd
        case "b": assertion = .wordBoundary
        case "B": assertion = .noWordBoundary
        case "Q": return parseQuote()
        default: return [literal(try parseEscapedScalar())]
        }
        index += 2
        return [.assertion(assertion)]
    }

    /// `\Q…\E`, or to the end of the pattern.
    private mutating func parseQuote() -> [RegexNode] {
        index += 2
        var nodes: [RegexNode] = []
        while let scalar = peek() {
            if scalar == "\\", index + 1 < scalars.count, scalars[index + 1] == "E" {
                index += 2
                break
            }
            nodes.append(literal(scalar))
            index += 1
        }
        return nodes
    }

    /// A backslash and what stands for one scalar.
    private mutating func parseEscapedScalar() throws(SyntaxError) -> Unicode.Scalar {
        let start = index
        index += 1
        guard let scalar = peek() else { throw fault(.trailingBackslash, from: index) }
        index += 1
        switch scalar {
        case "a": return "\u{07}"
        case "f": return "\u{0C}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "v": return "\u{0B}"
        case "x": return try parseHexadecimal(from: start)
        // A lone digit but zero would be a back reference.
        case "0": return parseOctal(scalar)
        case "1"..."7" where peek().map { ("0"..."7").contains($0) } ?? false: return parseOctal(scalar)
        case _ where scalar.isASCII && !scalar.properties.isAlphabetic && !("0"..."9").contains(scalar): return scalar
        default: throw fault(.invalidEscape, from: start)
        }
    }

    /// Up to three octal digits, of which the first has been taken.
    private mutating func parseOctal(_ first: Unicode.Scalar) -> Unicode.Scalar {
        var value = first.value - 0x30
        for _ in 0..<2 {
            guard let digit = peek(), ("0"..."7").contains(digit) else { break }
            value = value * 8 + digit.value - 0x30
            index += 1
        }
        return Unicode.Scalar(value) ?? "\0"
    }

    /// `\x7F` or `\x{10FFFF}`, of which `\x` has been taken.
    private mutating func parseHexadecimal(from start: Int) throws(SyntaxError) -> Unicode.Scalar {
        var digits = ""
        if take("{") {
            while let scalar = peek(), scalar != "}", digits.unicodeScalars.count < 8 {
                digits.unicodeScalars.append(scalar)
                index += 1
            }
            guard take("}") else { throw fault(.invalidEscape, from: start) }
        } else {
            while let scalar = peek(), digits.unicodeScalars.count < 2 {
                digits.unicodeScalars.append(scalar)
                index += 1
            }
            guard digits.utf8.count == 2 else { throw fault(.invalidEscape, from: start) }
        }
        // The initialiser would take a sign.
        guard digits.utf8.first != UInt8(ascii: "+"), let value = UInt32(digits, radix: 16),
            let scalar = Unicode.Scalar(value)
        else { throw fault(.invalidEscape, from: start) }
        return scalar
    }
}

// MARK: - Classes

extension RegexParser {
    /// `[…]`.
    mutating func parseClass() throws(SyntaxError) -> ScalarClass {
        let start = index
        index += 1
        let negated = take("^")
        var scalars = ScalarClass()
        var isFirst = true
        while isFirst || peek() != "]" {
            guard index < self.scalars.count else { throw fault(.missingBracket, from: start) }
            isFirst = false
            if let named = try parsePosixClass() {
                scalars.insert(named)
            } else if let escaped = try parseClassEscape() {
                scalars.insert(escaped)
            } else {
                scalars.insert(try parseRange(classStart: start))
            }
        }
        index += 1
        return scalars.finished(negated: negated, foldsCase: flags.foldsCase)
    }

    /// `a` or `a-z`.
    private mutating func parseRange(classStart: Int) throws(SyntaxError) -> ClosedRange<UInt32> {
        let start = index
        let low = try parseClassScalar(classStart: classStart)
        // A hyphen before the closing bracket is itself.
        guard peek() == "-", index + 1 < scalars.count, scalars[index + 1] != "]" else { return low.value...low.value }
        index += 1
        let high = try parseClassScalar(classStart: classStart)
        guard low <= high else { throw fault(.invalidCharacterRange, from: start) }
        return low.value...high.value
    }

    private mutating func parseClassScalar(classStart: Int) throws(SyntaxError) -> Unicode.Scalar {
        guard let scalar = peek() else { throw fault(.missingBracket, from: classStart) }
        if scalar == "\\" { return try parseEscapedScalar() }
        index += 1
        return scalar
    }

    /// `[:alpha:]` or `[:^alpha:]`.
    private mutating func parsePosixClass() throws(SyntaxError) -> ScalarClass? {
        guard peek() == "[", index + 1 < scalars.count, scalars[index + 1] == ":" else { return nil }
        var end = index + 2
        // No name is that long, and to look further at each bracket would take time in proportion to the pattern squared.
        let last = min(scalars.count, index + 40)
        while end + 1 < last, scalars[end] != ":" || scalars[end + 1] != "]" { end += 1 }
        guard end + 1 < last else { return nil }
        let start = index
        index += 2
        let negated = take("^")
        let name = text(from: index, to: end)
        index = end + 2
        guard let named = ScalarClass.posix(name, negated: negated) else {
            throw fault(.invalidCharacterRange, from: start)
        }
        return named
    }

    /// `\d`, `\pL`, `\P{Lu}` and their like.
    private mutating func parseClassEscape() throws(SyntaxError) -> ScalarClass? {
        guard peek() == "\\", index + 1 < scalars.count else { return nil }
        let start = index
        let letter = scalars[index + 1]
        if let perl = ScalarClass.perl(letter) {
            index += 2
            return perl
        }
        guard letter == "p" || letter == "P" else { return nil }
        index += 2
        var negated = letter == "P"
        let name: String
        if take("{") {
            if take("^") { negated.toggle() }
            let nameStart = index
            while let scalar = peek(), scalar != "}" { index += 1 }
            name = text(from: nameStart)
            guard take("}") else { throw fault(.invalidCharacterRange, from: start) }
        } else {
            guard let scalar = peek() else { throw fault(.invalidCharacterRange, from: start) }
            index += 1
            name = String(Character(scalar))
        }
        guard let categories = CategorySet(name: name) else { throw fault(.invalidCharacterRange, from: start) }
        var result = ScalarClass()
        result.insert(negated ? categories.inverted : categories)
        return result
    }
}
