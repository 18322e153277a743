/// A piece of a template as the lexer cuts it.
struct Token: Equatable {
    /// What a token is; the text of most kinds is found in the template at ``Token/range``.
    enum Kind: Equatable {
        case text
        case leftDelimiter, rightDelimiter
        case leftParenthesis, rightParenthesis
        case space, pipe, declare, assign
        /// A printable ASCII character with no meaning of its own, such as a comma.
        case punctuation
        case identifier, field, variable
        case dot, `nil`, bool, character, number, complex, string, rawString
        case keyword(Keyword)
        /// The end of the template.
        case end
        /// The place where the lexer gave up, and why.
        case invalid(String)
    }

    /// A word that begins an action of its own.
    enum Keyword: String {
        case block, `break`, `continue`, define, `else`, end, `if`, range, template, with
    }

    let kind: Kind

    /// Its bytes in the template; delimiters without their trim markers.
    let range: Range<Int>

    /// Where it begins.
    let position: Node.Position

    /// Whether an operand begins with it.
    var beginsOperand: Bool {
        switch kind {
        case .identifier, .field, .variable, .dot, .nil, .bool, .character, .number, .complex, .string, .rawString,
            .leftParenthesis:
            true
        default: false
        }
    }
}
