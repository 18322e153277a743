import Templates
import Testing

/// A template and how its nodes read once parsed; nil where they read like the template.
struct ValidTemplate: CustomTestStringConvertible {
    let text: String
    let outline: String

    init(_ text: String, _ outline: String? = nil) {
        self.text = text
        self.outline = outline ?? text
    }

    var testDescription: String { text }
}

@Suite struct ValidTemplateTests {
    @Test(arguments: [
        ValidTemplate(""),
        ValidTemplate(" \t\n", "[ \t\n]"),
        ValidTemplate("plain } text }} with { braces", "[plain } text }} with { braces]"),
        ValidTemplate("{{/* one\ntwo */}}", ""),
        ValidTemplate("a{{/* }} */}}b", "[a][b]"),
        ValidTemplate("{{.}}"),
        ValidTemplate("{{$}}"),
        ValidTemplate("{{.Machine.Name}}"),
        ValidTemplate("{{$.Machine.Name}}"),
        ValidTemplate("{{  .X  }}", "{{.X}}"),
        ValidTemplate("{{\n.X\r\n}}", "{{.X}}"),
        ValidTemplate("{{.Größe}}{{._a1}}"),
        ValidTemplate("{{printf}}"),
        ValidTemplate("{{nil}}"),
        ValidTemplate("{{true}}{{false}}"),
        ValidTemplate(#"{{.Machine.MacAddr "pxelinux"}}"#),
        ValidTemplate("{{printf `%d` 23 -4 +5 .5 1e3 0x1F 'x' nil .}}"),
        ValidTemplate("{{.X|.Y|printf `a`}}", "{{.X | .Y | printf `a`}}"),
        ValidTemplate("{{.X (.Y .Z) (.A | .B .C) (.E)}}"),
        ValidTemplate("{{ ( ( 1 ) ) }}", "{{((1))}}"),
        ValidTemplate("{{(.Y .Z).Field.Other 1}}"),
        ValidTemplate("{{(index .A 0).B | len}}"),
        ValidTemplate("{{len.X}}"),
        ValidTemplate("{{.X | (.Y)}}"),
        ValidTemplate("{{.X | .Y.Z}}{{.X | $.Y}}"),
        ValidTemplate("{{.X | }}", "{{.X}}"),
    ])
    func `actions parse`(template: ValidTemplate) throws {
        #expect(outline(try parse(template.text).root) == template.outline)
    }

    @Test(arguments: [
        ValidTemplate("{{$x := 1}}{{$x}}{{$x.Y}}"),
        ValidTemplate("{{$x:=.X}}{{$x = .Y | len}}", "{{$x := .X}}{{$x = .Y | len}}"),
        ValidTemplate("{{$x := $x}}"),
        ValidTemplate("{{$ := 1}}"),
        ValidTemplate("{{$unknown = 1}}"),
        ValidTemplate("{{$x := 1}}{{$x +2}}"),
        ValidTemplate("{{if $x := .X}}{{$x}}{{else}}{{$x}}{{end}}"),
        ValidTemplate("{{with $x := 3}}{{$x 23}}{{end}}"),
        ValidTemplate("{{if .A}}{{$x := 1}}{{else}}{{$x}}{{end}}"),
        ValidTemplate("{{if $x := .A}}{{else if $y := .B}}{{$x}}{{$y}}{{end}}"),
        ValidTemplate("{{$x := 1}}{{if .A}}{{$x := 2}}{{end}}{{$x}}"),
        ValidTemplate("{{range $v := .X}}{{$v}}{{end}}"),
        ValidTemplate("{{range $i, $v := .X}}{{$i}}{{$v}}{{end}}"),
        ValidTemplate("{{range $i,$v:=.X}}{{end}}", "{{range $i, $v := .X}}{{end}}"),
        ValidTemplate("{{$i := 1}}{{range $i = .X}}{{end}}"),
        ValidTemplate("{{$i := 1}}{{$v := 1}}{{range $i, $v = .X}}{{end}}"),
    ])
    func `variables parse`(template: ValidTemplate) throws {
        #expect(outline(try parse(template.text).root) == template.outline)
    }

    @Test(arguments: [
        ValidTemplate("{{if .X}}a{{end}}"),
        ValidTemplate("{{if .X}}{{end}}"),
        ValidTemplate("{{if .X}}a{{else}}b{{end}}"),
        ValidTemplate("{{if .X}}a{{else}}{{end}}", "{{if .X}}a{{end}}"),
        ValidTemplate("{{if .X}}a{{else if .Y}}b{{else if .Z}}c{{else}}d{{end}}"),
        ValidTemplate("{{if .X}}a{{else  if  .Y}}b{{end}}", "{{if .X}}a{{else if .Y}}b{{end}}"),
        ValidTemplate("{{if .X}}{{else}}{{if .Y}}b{{end}}{{end}}"),
        ValidTemplate("{{with .X}}a{{else with .Y}}b{{else}}c{{end}}"),
        ValidTemplate("{{range .X | .M}}a{{else}}b{{end}}"),
        ValidTemplate("{{range .X}}{{range .Y}}a{{end}}{{end}}"),
        ValidTemplate(
            "{{range .X}}{{ break }}{{if .Y}}{{continue }}{{end}}{{end}}",
            "{{range .X}}{{break}}{{if .Y}}{{continue}}{{end}}{{end}}"),
        ValidTemplate("{{template `x`}}", #"{{template "x"}}"#),
        ValidTemplate(#"{{template "a\"b\n" .X | len}}"#),
        ValidTemplate("{{block `x` .}}a{{end}}", #"{{template "x" .}}"#),
        ValidTemplate("{{define `x`}}a{{end}}b", "[b]"),
    ])
    func `control structures parse`(template: ValidTemplate) throws {
        #expect(outline(try parse(template.text).root) == template.outline)
    }

    @Test func `known functions are those of Go and sprig without the forbidden ones`() {
        for name in ["and", "slice", "urlquery", "default", "toJson", "sha512sum", "b64enc", "regexMatch", "fail"] {
            #expect(FunctionNames.provisioning.contains(name), "\(name)")
            #expect(failure(of: "{{\(name)}}") == nil)
        }
        for name in ["env", "expandenv", "ago", "now"] {
            #expect(failure(of: "{{\(name)}}") == "template: t:1: function \"\(name)\" not defined")
        }
        #expect(!FunctionNames.builtins.contains("default"))
    }

    @Test func `the caller chooses the functions`() throws {
        let functions = FunctionNames(["mine"])
        _ = try Template(parsing: "{{mine 1}}", name: "t", functions: functions)
        #expect(throws: TemplateError(name: "t", line: 1, message: #"function "len" not defined"#)) {
            try Template(parsing: "{{len 1}}", name: "t", functions: functions)
        }
    }
}
