import Basics
import JSON

extension Parser {
    /// Parses the whole template.
    mutating func parse() throws(TemplateError) -> [Node] {
        var nodes: [Node] = []
        while peek().kind != .end {
            if try parseDefinition() { continue }
            switch try parseNode() {
            case .node(let node): nodes.append(node)
            case .terminator(let terminator): throw failure("unexpected \(terminator.rawValue)")
            }
        }
        // The text itself is the definition of its own name.
        try define(name, as: nodes)
        return definitions.removeValue(forKey: Identifier(name)) ?? []
    }

    /// A node, or the word that ends the list it would have been in.
    private enum Item {
        case node(Node)
        case terminator(Terminator)
    }

    /// Parses nodes up to an `{{end}}` or an `{{else}}`; of the latter, an `if` or `with` is left in place.
    mutating func parseList() throws(TemplateError) -> (nodes: [Node], terminator: Terminator) {
        var nodes: [Node] = []
        while peekPastSpace().kind != .end {
            switch try parseNode() {
            case .node(let node): nodes.append(node)
            case .terminator(let terminator): return (nodes, terminator)
            }
        }
        throw failure("unexpected EOF")
    }

    private mutating func parseNode() throws(TemplateError) -> Item {
        let token = nextPastSpace()
        switch token.kind {
        case .text: return .node(.text(source[token.range], token.position))
        case .leftDelimiter:
            scope.actionLine = token.position.line
            defer { scope.actionLine = nil }
            return try parseAction()
        default: throw unexpected(token, in: "input")
        }
    }

    private mutating func parseAction() throws(TemplateError) -> Item {
        let start = cursor
        let token = nextPastSpace()
        switch token.kind {
        case .keyword(.block): return .node(try parseBlock())
        case .keyword(.break): return .node(.exit(try parseJump("{{break}}", at: token.position)))
        case .keyword(.continue): return .node(.next(try parseJump("{{continue}}", at: token.position)))
        case .keyword(.if): return .node(try parseBranch(.if))
        case .keyword(.with): return .node(try parseBranch(.with))
        case .keyword(.range): return .node(try parseLoop())
        case .keyword(.template): return .node(try parseCall())
        case .keyword(.else): return try parseElse()
        case .keyword(.end):
            try expect(.rightDelimiter, in: "end")
            return .terminator(.end)
        default:
            rewind(to: start)
            return .node(.action(try parsePipeline("command", until: .rightDelimiter)))
        }
    }

    private mutating func parseJump(_ name: String, at position: Node.Position) throws(TemplateError) -> Node.Position {
        try expect(.rightDelimiter, in: name)
        guard scope.loops > 0 else { throw failure("\(name) outside {{range}}") }
        return position
    }

    private mutating func parseElse() throws(TemplateError) -> Item {
        let kind = peekPastSpace().kind
        if kind != .keyword(.if), kind != .keyword(.with) { try expect(.rightDelimiter, in: "else") }
        return .terminator(.else)
    }

    /// Parses what follows `{{if` or `{{with`, with all the clauses that continue it.
    private mutating func parseBranch(_ keyword: Node.Branch.Keyword) throws(TemplateError) -> Node {
        try descend(into: "control structure")
        let variables = scope.variables.count
        let token = Token.Kind.keyword(keyword == .if ? .if : .with)
        var clauses: [Node.Branch.Clause] = []
        var terminator: Terminator
        repeat {
            if !clauses.isEmpty { next() }
            let pipeline = try parsePipeline(keyword.rawValue, until: .rightDelimiter)
            let list = try parseList()
            clauses.append(Node.Branch.Clause(pipeline: pipeline, body: list.nodes))
            terminator = list.terminator
        } while terminator == .else && peek().kind == token
        let otherwise = terminator == .else ? try parseLastList() : []
        scope.variables.forget(from: variables)
        ascend()
        return .branch(Node.Branch(keyword: keyword, clauses: clauses, otherwise: otherwise))
    }

    /// Parses what follows `{{range`.
    private mutating func parseLoop() throws(TemplateError) -> Node {
        try descend(into: "control structure")
        let variables = scope.variables.count
        let pipeline = try parsePipeline("range", until: .rightDelimiter)
        scope.loops += 1
        let (body, terminator) = try parseList()
        scope.loops -= 1
        let otherwise = terminator == .else ? try parseLastList() : []
        scope.variables.forget(from: variables)
        ascend()
        return .loop(Node.Loop(pipeline: pipeline, body: body, otherwise: otherwise))
    }

    /// Parses what follows `{{else}}`.
    private mutating func parseLastList() throws(TemplateError) -> [Node] {
        let (nodes, terminator) = try parseList()
        guard terminator == .end else { throw failure("expected end; found \(terminator.rawValue)") }
        return nodes
    }
}
