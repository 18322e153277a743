extension Parser {
    /// Parses a pipeline and the token that ends it.
    ///
    /// - Parameter context: what errors call the pipeline; in a `range` it may declare two variables.
    mutating func parsePipeline(_ context: String, until end: Token.Kind) throws(TemplateError) -> Pipeline {
        let position = peekPastSpace().position
        let (variables, assigns) = try parseTarget(in: context)
        var commands: [Pipeline.Command] = []
        while true {
            let token = peekPastSpace()
            if token.kind == end { break }
            guard token.beginsOperand else { throw unexpected(token, in: context) }
            commands.append(try parseCommand())
        }
        next()
        guard !commands.isEmpty else { throw failure("missing value for \(context)") }
        if let stage = commands.dropFirst().firstIndex(where: { !$0.takesValue }) {
            throw failure("non executable command in pipeline stage \(stage + 1)")
        }
        return Pipeline(position: position, variables: variables, assigns: assigns, commands: commands)
    }

    /// Parses the variables in front of a `:=` or `=`, if there are any, and declares them.
    ///
    /// Go lets a template assign to variables that do not exist, and finds out when executing it.
    private mutating func parseTarget(
        in context: String
    ) throws(TemplateError) -> (variables: [String], assigns: Bool) {
        var variables: [String] = []
        while peekPastSpace().kind == .variable {
            let start = cursor
            let name = source[next().range]
            let sign = peekPastSpace()
            let isComma = sign.kind == .punctuation && source[sign.range] == ","
            guard isComma || sign.kind == .assign || sign.kind == .declare else {
                rewind(to: start)
                break
            }
            next()
            variables.append(name)
            scope.variables.declare(name)
            guard isComma else { return (variables, sign.kind == .assign) }
            guard context == "range", variables.count < 2 else {
                throw failure("too many declarations in \(context)")
            }
            switch peekPastSpace().kind {
            case .variable, .rightDelimiter, .rightParenthesis: break
            default: throw failure("range can only initialize variables")
            }
        }
        return (variables, false)
    }

    /// Parses operands separated by space up to the end of the pipeline, which is left in place, or through a `|`.
    private mutating func parseCommand() throws(TemplateError) -> Pipeline.Command {
        var operands: [Pipeline.Operand] = []
        while true {
            if peekPastSpace().beginsOperand { operands.append(try parseOperand()) }
            let token = peek()
            switch token.kind {
            case .space: continue
            case .rightDelimiter, .rightParenthesis: return Pipeline.Command(operands: operands)
            case .pipe:
                next()
                return Pipeline.Command(operands: operands)
            default: throw unexpected(token, in: "operand")
            }
        }
    }

    /// Parses a term with the fields taken from it.
    private mutating func parseOperand() throws(TemplateError) -> Pipeline.Operand {
        let first = next()
        var fields = first.kind == .field ? [fieldName(of: first)] : []
        let term = first.kind == .field ? .dot : try parseTerm(first)
        guard peek().kind == .field else {
            return Pipeline.Operand(position: first.position, term: term, fields: fields)
        }
        switch term {
        case .dot where fields.isEmpty, .nil, .bool, .number, .string:
            throw failure("unexpected . after term \(GoLiteral.quoted(term.description))")
        default: break
        }
        let position = peek().position
        while peek().kind == .field { fields.append(fieldName(of: next())) }
        return Pipeline.Operand(position: position, term: term, fields: fields)
    }

    private func fieldName(of token: Token) -> String {
        source[token.range.dropFirst()]
    }

    /// Parses the term that begins with a token, which is already taken and no field.
    private mutating func parseTerm(_ token: Token) throws(TemplateError) -> Pipeline.Term {
        let text = source[token.range]
        switch token.kind {
        case .dot: return .dot
        case .nil: return .nil
        case .bool: return .bool(text == "true")
        case .character, .number, .complex: return .number(try number(text, token.kind))
        case .string, .rawString: return .string(try stringValue(of: token), literal: text)
        case .leftParenthesis:
            try descend(into: "expression")
            let pipeline = try parsePipeline("parenthesized pipeline", until: .rightParenthesis)
            ascend()
            return .pipeline(pipeline)
        case .variable:
            guard scope.variables.contains(text) else {
                throw failure("undefined variable \(GoLiteral.quoted(text))")
            }
            return .variable(text)
        default:
            guard functions.contains(text) else {
                throw failure("function \(GoLiteral.quoted(text)) not defined")
            }
            return .function(text)
        }
    }

    private func number(_ literal: String, _ kind: Token.Kind) throws(TemplateError) -> Pipeline.Number {
        do throws(GoLiteral.Invalid) {
            return switch kind {
            case .character: try Pipeline.Number(character: literal)
            case .complex: try Pipeline.Number(complex: literal)
            default: try Pipeline.Number(literal)
            }
        } catch {
            throw failure(error.message)
        }
    }

    /// The value of a string token.
    func stringValue(of token: Token) throws(TemplateError) -> String {
        do throws(GoLiteral.Invalid) {
            return try GoLiteral.string(source[token.range])
        } catch {
            throw failure(error.message)
        }
    }
}
