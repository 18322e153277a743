import StoreTesting
import Testing

@testable import Templates

/// Parsing a template takes steps in proportion to its length: how often a token is looked at. Execution takes steps in
/// proportion to what the template does.
@Suite struct WorkGrowthTests {
    struct TextCase: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: @Sendable (Int) -> String

        init(_ name: String, _ text: @escaping @Sendable (Int) -> String) {
            (testDescription, self.text) = (name, text)
        }

        /// Parts that follow one another.
        init(_ part: String, between start: String = "", and end: String = "") {
            self.init(start + part + end) { start + String(repeating: part, count: $0) + end }
        }
    }

    static let cases = [
        TextCase("{{.Machine.Name}} text\n"), TextCase("{{if .a}}x{{else}}y{{end}}"),
        TextCase("{{else if .b}}y", between: "{{if .a}}x", and: "{{end}}"),
        TextCase(" | printf", between: "{{.a", and: "}}"), TextCase(" (.a)", between: "{{printf", and: "}}"),
        TextCase("{{$x := 1}}{{$x}}"), TextCase("{{range $i, $e := .a}}{{$i}}{{end}}"),
        TextCase("{{/* a comment */}}\n"), TextCase("{{- .a -}}   \n"), TextCase(".b", between: "{{.a", and: "}}"),
        TextCase("{{\"text\"}}{{`raw\n`}}{{1.5e3}}"), TextCase("   ", between: "{{printf .a", and: "}}"),
        TextCase("names") { size in (0..<size).map { "{{$v\($0) := .a}}{{$v\($0)}}" }.joined() },
        TextCase("definitions") { size in
            (0..<size).map { "{{define \"t\($0)\"}}x{{end}}{{template \"t\($0)\" .}}" }.joined()
        },
        TextCase("blocks") { size in (0..<size).map { "{{block \"b\($0)\" .}} {{end}}" }.joined() },
        TextCase("text alone") { String(repeating: "{ } a\n", count: $0) },
    ]

    @Test(arguments: cases) func `a template takes steps in proportion to its length`(of: TextCase) throws {
        let growth = try StepGrowth.perDoubling(of: 500) { size in
            var parser = Parser(text: of.text(size), name: "t", functions: .provisioning)
            _ = try parser.parse()
            return parser.looks
        }
        #expect(growth <= StepGrowth.limit)
    }

    static let executed = [
        TextCase("{{.a}} text\n"), TextCase("{{if .a}}x{{else}}y{{end}}"),
        TextCase(" | print", between: "{{.a", and: "}}"), TextCase("{{$x := 1}}{{$x}}"),
        TextCase("range") { "{{range until \($0)}}{{.}}{{end}}" },
        TextCase("repeat") { "{{repeat \($0) \"x\" | len}}" },
        TextCase("replace") { "{{repeat \($0) \"x\" | replace \"x\" \"yy\"}}" },
        TextCase("match") { "{{repeat \($0) \"ab\" | regexMatch \"(a|ab)*c\"}}" },
        TextCase("print") { "{{until \($0)}}" }, TextCase("json") { "{{until \($0) | toJson}}" },
        TextCase("split") { "{{repeat \($0) \"a,\" | splitList \",\" | len}}" },
        TextCase("wrap") { "{{repeat \($0) \"word \" | wrap 20 | len}}" },
    ]

    @Test(arguments: executed) func `execution takes steps in proportion to what it makes`(of: TextCase) throws {
        let growth = try StepGrowth.perDoubling(of: 500) { size in
            let template = try Template(parsing: of.text(size), name: "t")
            var context = TemplateContext()
            _ = try template.execute(["a": "text"], in: TemplateSet(), context: &context)
            return context.steps
        }
        #expect(growth <= StepGrowth.limit)
    }
}
