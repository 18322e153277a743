/// Cuts a template into tokens. The last token is the end of the template or the place where the lexer gave up.
struct Lexer {
    private(set) var tokens: [Token] = []
    let source: Source
    var offset = 0

    /// How many parentheses are open in the action.
    var parentheses = 0

    // The place up to which lines are counted; tokens come in order, so every byte is looked at once.
    private var counted = 0
    private var line = 1
    private var lineStart = 0

    /// What makes it impossible to go on, and where the broken token begins.
    struct Problem: Error {
        let message: String
        let offset: Int
    }

    /// The tokens of a template.
    static func tokens(of source: Source) -> [Token] {
        var lexer = Lexer(source: source)
        do throws(Problem) {
            while lexer.skipText() {
                if try !lexer.skipComment() { try lexer.scanAction() }
            }
            lexer.emit(.end, to: lexer.offset)
        } catch {
            lexer.offset = error.offset
            lexer.emit(.invalid(error.message), to: error.offset)
        }
        return lexer.tokens
    }

    private init(source: Source) {
        self.source = source
    }

    /// Adds the token between here and an offset and goes there.
    mutating func emit(_ kind: Token.Kind, to end: Int) {
        while counted < offset {
            if source.bytes[counted] == UInt8(ascii: "\n") {
                line += 1
                lineStart = counted + 1
            }
            counted += 1
        }
        let position = Node.Position(line: line, column: offset - lineStart)
        tokens.append(Token(kind: kind, range: offset..<end, position: position))
        offset = end
    }

    /// A problem with the token that begins here.
    func problem(_ message: String) -> Problem {
        Problem(message: message, offset: offset)
    }

    /// Passes the text in front of the next action or comment; false when there is none.
    private mutating func skipText() -> Bool {
        let next = source.firstIndex(of: "{{", from: offset)
        let end = next ?? source.bytes.count
        var textEnd = end
        if let next, trimsLeft(at: next) {
            while textEnd > offset, source.bytes[textEnd - 1].isSpace { textEnd -= 1 }
        }
        if textEnd > offset { emit(.text, to: textEnd) }
        offset = end
        return next != nil
    }

    /// Whether the left delimiter here takes away the space in front of it.
    private func trimsLeft(at delimiter: Int) -> Bool {
        source.has("-", at: delimiter + 2) && source.byte(at: delimiter + 3)?.isSpace == true
    }

    /// Passes a comment if there is one here; a left delimiter is known to be here.
    private mutating func skipComment() throws(Problem) -> Bool {
        let start = offset + (trimsLeft(at: offset) ? 4 : 2)
        guard source.has("/*", at: start) else { return false }
        offset = start
        guard let end = source.firstIndex(of: "*/", from: start + 2) else { throw problem("unclosed comment") }
        guard let width = rightDelimiterWidth(at: end + 2) else {
            throw problem("comment ends before closing delimiter")
        }
        offset = end + 2 + width
        if width > 2 { skipSpace() }
        return true
    }

    /// Cuts an action into tokens; a left delimiter is known to be here.
    private mutating func scanAction() throws(Problem) {
        let start = offset + (trimsLeft(at: offset) ? 4 : 2)
        emit(.leftDelimiter, to: offset + 2)
        offset = start
        parentheses = 0
        while true {
            if let width = rightDelimiterWidth(at: offset) {
                guard parentheses == 0 else { throw problem("unclosed left paren") }
                offset += width - 2
                emit(.rightDelimiter, to: offset + 2)
                if width > 2 { skipSpace() }
                return
            }
            try scanElement()
        }
    }

    /// The bytes of a right delimiter: two, or four with a trim marker; nil when there is none.
    func rightDelimiterWidth(at offset: Int) -> Int? {
        if source.has("}}", at: offset) { return 2 }
        return source.byte(at: offset)?.isSpace == true && source.has("-}}", at: offset + 1) ? 4 : nil
    }

    private mutating func skipSpace() {
        while source.byte(at: offset)?.isSpace == true { offset += 1 }
    }
}
