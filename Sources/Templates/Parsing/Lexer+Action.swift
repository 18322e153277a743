import Basics

extension Lexer {
    /// Passes one token inside an action, which does not end here.
    mutating func scanElement() throws(Problem) {
        guard let scalar = source.scalar(at: offset) else { throw problem("unclosed action") }
        switch scalar {
        case " ", "\t", "\r", "\n": emit(.space, to: spaceEnd)
        case "=": emit(.assign, to: offset + 1)
        case ":":
            guard source.has(":=", at: offset) else { throw problem("expected :=") }
            emit(.declare, to: offset + 2)
        case "|": emit(.pipe, to: offset + 1)
        case "(":
            parentheses += 1
            emit(.leftParenthesis, to: offset + 1)
        case ")":
            guard parentheses > 0 else { throw problem("unexpected right paren") }
            parentheses -= 1
            emit(.rightParenthesis, to: offset + 1)
        case "\"": try scanQuoted(.string, name: "quoted string")
        case "'": try scanQuoted(.character, name: "character constant")
        case "`": try scanRawString()
        case "$": try scanName(.variable, alone: .variable)
        case "." where source.byte(at: offset + 1).map { !$0.isASCIIDigit } ?? false: try scanName(.field, alone: .dot)
        case ".", "+", "-", "0"..."9": try scanNumber()
        case _ where scalar.isWord: try scanWord()
        case "!"..."~": emit(.punctuation, to: offset + 1)
        default: throw problem("unrecognized character in action: \(Self.name(of: scalar))")
        }
    }

    /// The end of the space here, without the one that belongs to the trim marker of a right delimiter.
    private var spaceEnd: Int {
        var end = offset
        while source.byte(at: end)?.isSpace == true, rightDelimiterWidth(at: end) == nil { end += 1 }
        return end
    }

    /// Passes a literal in which a backslash protects the next character; its contents are checked by the parser.
    private mutating func scanQuoted(_ kind: Token.Kind, name: String) throws(Problem) {
        let quote = source.bytes[offset]
        var end = offset + 1
        while let byte = source.byte(at: end), byte != quote {
            if byte == UInt8(ascii: "\\") { end += 1 }
            if source.byte(at: end) == UInt8(ascii: "\n") { throw problem("unterminated \(name)") }
            end += 1
        }
        guard end < source.bytes.count else { throw problem("unterminated \(name)") }
        emit(kind, to: end + 1)
    }

    private mutating func scanRawString() throws(Problem) {
        guard let end = source.firstIndex(of: "`", from: offset + 1) else {
            throw problem("unterminated raw quoted string")
        }
        emit(.rawString, to: end + 1)
    }

    /// Passes a period or dollar sign and the word after it, or the sign alone.
    private mutating func scanName(_ kind: Token.Kind, alone: Token.Kind) throws(Problem) {
        if endsWord(at: offset + 1) {
            emit(alone, to: offset + 1)
        } else {
            emit(kind, to: try terminated(source.wordEnd(from: offset + 1)))
        }
    }

    private mutating func scanWord() throws(Problem) {
        let end = try terminated(source.wordEnd(from: offset))
        let word = source[offset..<end]
        switch word {
        case "true", "false": emit(.bool, to: end)
        case "nil": emit(.nil, to: end)
        default: emit(Token.Keyword(rawValue: word).map(Token.Kind.keyword) ?? .identifier, to: end)
        }
    }

    /// The end of a word, after making sure that something follows which may follow a word.
    private func terminated(_ end: Int) throws(Problem) -> Int {
        guard endsWord(at: end) else {
            // Only the end of the template has no scalar, and it ends words.
            throw problem("bad character \(source.scalar(at: end).map(Self.name) ?? "")")
        }
        return end
    }

    private func endsWord(at offset: Int) -> Bool {
        guard let byte = source.byte(at: offset) else { return true }
        return byte.isSpace || ".,|:()".utf8.contains(byte) || source.has("}}", at: offset)
    }

    /// Passes a number, or two of them that make a complex one; the parser finds their value.
    private mutating func scanNumber() throws(Problem) {
        var end = source.numberEnd(from: offset)
        var isValid = !continuesWord(at: end)
        var kind = Token.Kind.number
        if isValid, source.has("+", at: end) || source.has("-", at: end) {
            end = source.numberEnd(from: end)
            isValid = !continuesWord(at: end) && source.bytes[end - 1] == UInt8(ascii: "i")
            kind = .complex
        }
        guard isValid else {
            let shown = continuesWord(at: end) ? end + UTF8.width(source.scalar(at: end)!) : end
            throw problem("bad number syntax: \(GoLiteral.quoted(source[offset..<shown]))")
        }
        emit(kind, to: end)
    }

    private func continuesWord(at offset: Int) -> Bool {
        source.scalar(at: offset)?.isWord == true
    }

    /// A character as Go names it, such as `U+0023 '#'`.
    private static func name(of scalar: Unicode.Scalar) -> String {
        let number = "U+" + GoLiteral.hexadecimal(scalar.value, width: 4, uppercase: true)
        return scalar.isPrintable ? "\(number) '\(scalar)'" : number
    }
}
