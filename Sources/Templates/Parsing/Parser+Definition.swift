import Basics
import JSON

extension Parser {
    /// Parses a `{{define}}` if there is one here; they stand only at the top of a template.
    mutating func parseDefinition() throws(TemplateError) -> Bool {
        guard peek().kind == .leftDelimiter else { return false }
        let start = cursor
        next()
        guard nextPastSpace().kind == .keyword(.define) else {
            rewind(to: start)
            return false
        }
        let outer = scope
        scope = Scope()
        let name = try parseTemplateName(in: "define clause").name
        try expect(.rightDelimiter, in: "define clause")
        let (body, terminator) = try parseList()
        guard terminator == .end else { throw failure("unexpected \(terminator.rawValue) in define clause") }
        try define(name, as: body)
        scope = outer
        return true
    }

    /// Parses what follows `{{block`: a definition and a call of it.
    mutating func parseBlock() throws(TemplateError) -> Node {
        try descend(into: "control structure")
        let (name, position) = try parseTemplateName(in: "block clause")
        let pipeline = try parsePipeline("block clause", until: .rightDelimiter)
        let outer = scope
        scope = Scope()
        let (body, terminator) = try parseList()
        guard terminator == .end else {
            // Go reports this one at the line where the block begins.
            scope = outer
            throw failure("unexpected \(terminator.rawValue) in block clause")
        }
        try define(name, as: body)
        scope = outer
        ascend()
        references.insert(Identifier(name))
        return .call(Node.Call(position: position, name: name, pipeline: pipeline))
    }

    /// Parses what follows `{{template`.
    mutating func parseCall() throws(TemplateError) -> Node {
        let (name, position) = try parseTemplateName(in: "template clause")
        references.insert(Identifier(name))
        var pipeline: Pipeline?
        if peekPastSpace().kind == .rightDelimiter {
            next()
        } else {
            pipeline = try parsePipeline("template clause", until: .rightDelimiter)
        }
        return .call(Node.Call(position: position, name: name, pipeline: pipeline))
    }

    /// Keeps the body of a name; only one body of a name may be more than space.
    mutating func define(_ name: String, as body: [Node]) throws(TemplateError) {
        guard let earlier = definitions[Identifier(name)], !earlier.allSatisfy(\.isBlank) else {
            definitions[Identifier(name)] = body
            return
        }
        guard body.allSatisfy(\.isBlank) else {
            throw failure("template: multiple definition of template \(GoLiteral.quoted(name))")
        }
    }

    private mutating func parseTemplateName(
        in context: String
    ) throws(TemplateError) -> (name: String, position: Node.Position) {
        let token = nextPastSpace()
        guard token.kind == .string || token.kind == .rawString else { throw unexpected(token, in: context) }
        return (try stringValue(of: token), token.position)
    }
}
