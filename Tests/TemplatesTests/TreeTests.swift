import Basics
import JSON
import Templates
import Testing

@Suite struct TreeTests {
    private func pipeline(_ node: Node?) throws -> Pipeline {
        guard case .action(let pipeline) = node else { throw TemplateError(name: "t", line: 0, message: "no action") }
        return pipeline
    }

    @Test func `operands are terms with fields`() throws {
        let pipeline = try pipeline(parse("{{$.A.B .C (len .D).E nil | printf.F}}").root.first)
        #expect(pipeline.variables.isEmpty)
        #expect(pipeline.commands.count == 2)
        let operands = pipeline.commands[0].operands
        #expect(operands[0].term == .variable("$"))
        #expect(operands[0].fields == ["A", "B"])
        #expect(operands[1].term == .dot)
        #expect(operands[1].fields == ["C"])
        guard case .pipeline(let inner) = operands[2].term else {
            Issue.record("no parenthesized pipeline: \(operands[2])")
            return
        }
        #expect(inner.commands[0].operands.map(\.term) == [.function("len"), .dot])
        #expect(operands[2].fields == ["E"])
        #expect(operands[3].term == .nil)
        #expect(pipeline.commands[1].operands[0].term == .function("printf"))
        #expect(pipeline.commands[1].operands[0].fields == ["F"])
    }

    @Test func `declarations and assignments differ`() throws {
        let root = try parse("{{$x := 1}}{{$x = 2}}").root
        let declaration = try pipeline(root.first)
        #expect(declaration.variables == ["$x"])
        #expect(!declaration.assigns)
        #expect(try pipeline(root.last).assigns)
    }

    @Test func `a chain of clauses is one branch`() throws {
        let root = try parse("{{with .A}}a{{else with .B}}b{{else}}c{{end}}").root
        guard case .branch(let branch) = root.first else {
            Issue.record("no branch: \(root)")
            return
        }
        #expect(branch.keyword == .with)
        #expect(branch.clauses.map(\.pipeline.description) == [".A", ".B"])
        #expect(branch.clauses.map { outline($0.body) } == ["[a]", "[b]"])
        #expect(outline(branch.otherwise) == "[c]")
    }

    @Test func `a loop has variables, a body and an alternative`() throws {
        let root = try parse("{{range $i, $v := .A}}x{{break}}{{continue}}{{else}}y{{end}}").root
        guard case .loop(let loop) = root.first else {
            Issue.record("no loop: \(root)")
            return
        }
        #expect(loop.pipeline.variables == ["$i", "$v"])
        #expect(outline(loop.body) == "[x]{{break}}{{continue}}")
        #expect(outline(loop.otherwise) == "[y]")
    }

    @Test func `positions are those of Go`() throws {
        let root = try parse("ä\n{{ .A }}\n  {{- $x := (len .B.C).D }}{{if\n .E}}{{end}}{{template `x`}}").root
        #expect(root.map { place($0.position) } == ["1:0", "2:3", "3:6", "4:1", "4:23"])
        let operand = try pipeline(root[2]).commands[0].operands[0]
        #expect(place(operand.position) == "3:22")
        guard case .pipeline(let inner) = operand.term else {
            Issue.record("no parenthesized pipeline: \(operand)")
            return
        }
        #expect(place(inner.position) == "3:13")
        #expect(place(inner.commands[0].operands[1].position) == "3:19")
    }

    private func place(_ position: Node.Position) -> String {
        "\(position.line):\(position.column)"
    }

    @Test func `definitions and blocks are kept by name`() throws {
        let template = try parse(
            "{{define `a`}}A{{template `b`}}{{end}}x{{block `c` .X}}{{.Y}}{{block `d` .}}{{end}}{{end}}")
        #expect(outline(template.root) == #"[x]{{template "c" .X}}"#)
        #expect(
            template.definitions.mapValues(outline) == [
                "a": #"[A]{{template "b"}}"#, "c": #"{{.Y}}{{template "d" .}}"#, "d": "",
            ])
        #expect(template.references == ["b", "c", "d"])
    }

    @Test func `references are found in all bodies`() throws {
        let text = """
            {{if .A}}{{template "a"}}{{else if .B}}{{template "b" .}}{{else}}{{template "c"}}{{end}}
            {{range .A}}{{template "d"}}{{else}}{{with .B}}{{template "e"}}{{end}}{{end}}{{template "a"}}
            """
        #expect(try parse(text).references == ["a", "b", "c", "d", "e"])
        #expect(try parse("{{/* {{template `x`}} */}}").references.isEmpty)
    }

    @Test func `a blank definition gives way`() throws {
        #expect(outline(try parse("{{define `a`}} \n{{end}}{{define `a`}}A{{end}}").definitions["a"] ?? []) == "[A]")
        #expect(outline(try parse("{{define `a`}}A{{end}}{{define `a`}} {{end}}").definitions["a"] ?? []) == "[A]")
        let own = try parse("{{define `t`}}A{{end}}\n")
        #expect(outline(own.root) == "[A]")
        #expect(own.definitions.isEmpty)
    }
}
