import Basics
import JSON

/// Builds the tree of a template from its tokens by recursive descent.
///
/// Errors carry the line of the furthest token looked at, as in Go, so the order in which tokens are looked at matters.
struct Parser {
    /// What a definition or block has of its own.
    struct Scope {
        /// The variables that exist.
        var variables = Variables()

        /// The line where the innermost open action began; nil between actions.
        var actionLine: Int?

        /// How many loops are open, for `break` and `continue`.
        var loops = 0

        /// The last token that was looked at.
        var furthest = 0
    }

    /// The variables that exist at a place: those declared before it, up to the end of the block they are declared in.
    struct Variables {
        private var names: [String] = []
        private var visible: Set<Identifier> = ["$"]

        /// How many variables exist; given to ``forget(from:)`` at the end of a block.
        var count: Int { names.count }

        func contains(_ name: String) -> Bool { visible.contains(Identifier(name)) }

        /// Adds a variable, unless one of this name outlives it anyway.
        mutating func declare(_ name: String) {
            if visible.insert(Identifier(name)).inserted { names.append(name) }
        }

        /// Forgets all but the oldest variables.
        mutating func forget(from count: Int) {
            visible.subtract(names[count...].map { Identifier($0) })
            names.removeSubrange(count...)
        }
    }

    /// The word that ends a list of nodes.
    enum Terminator: String {
        case end = "{{end}}"
        case `else` = "{{else}}"
    }

    let name: String
    let functions: FunctionNames
    let source: Source
    private let tokens: [Token]
    private(set) var cursor = 0
    /// How often a token was looked at.
    private(set) var looks = 0
    private var depth = 0
    var scope = Scope()
    var definitions: [Identifier: [Node]] = [:]
    var references: Set<Identifier> = []

    init(text: String, name: String, functions: FunctionNames) {
        self.name = name
        self.functions = functions
        source = Source(text)
        tokens = Lexer.tokens(of: source)
    }

    // MARK: Tokens

    /// The next token, left in place. After the last token comes the last token again.
    mutating func peek() -> Token {
        let index = min(cursor, tokens.count - 1)
        scope.furthest = max(scope.furthest, index)
        looks += 1
        return tokens[index]
    }

    /// Takes the next token.
    @discardableResult
    mutating func next() -> Token {
        defer { cursor += 1 }
        return peek()
    }

    /// Takes the space here, if any, and shows what comes after it.
    mutating func peekPastSpace() -> Token {
        while peek().kind == .space { cursor += 1 }
        return peek()
    }

    /// Takes the space here, if any, and the token after it.
    mutating func nextPastSpace() -> Token {
        _ = peekPastSpace()
        return next()
    }

    /// Goes back to where ``cursor`` was.
    mutating func rewind(to earlier: Int) {
        cursor = earlier
    }

    /// Takes the next token, which must be of a kind.
    mutating func expect(_ kind: Token.Kind, in context: String) throws(TemplateError) {
        let token = nextPastSpace()
        guard token.kind == kind else { throw unexpected(token, in: context) }
    }

    // MARK: Limits

    /// Enters a block or a pair of parentheses; every call is followed by ``ascend()`` unless parsing ends.
    mutating func descend(into construct: String) throws(TemplateError) {
        depth += 1
        guard depth <= Template.maximumNesting else { throw failure("max \(construct) depth exceeded") }
    }

    /// Leaves a block or a pair of parentheses.
    mutating func ascend() {
        depth -= 1
    }

    // MARK: Errors

    /// An error at the furthest token.
    func failure(_ message: String) -> TemplateError {
        TemplateError(name: name, line: tokens[scope.furthest].position.line, message: message)
    }

    /// An error about a token that does not fit, or about what the lexer could not read.
    func unexpected(_ token: Token, in context: String) -> TemplateError {
        guard case .invalid(let message) = token.kind else {
            return failure("unexpected \(shown(token)) in \(context)")
        }
        guard let line = scope.actionLine, line != token.position.line else { return failure(message) }
        return failure(message + (message.hasSuffix(" action") ? "" : " in action") + " started at \(name):\(line)")
    }

    private func shown(_ token: Token) -> String {
        let text = source[token.range]
        switch token.kind {
        case .end: return "EOF"
        case .keyword, .dot, .nil: return "<\(text)>"
        default:
            return token.range.count > 10
                ? GoLiteral.quoted(String(String.UnicodeScalarView(text.unicodeScalars.prefix(10)))) + "..."
                : GoLiteral.quoted(text)
        }
    }
}
