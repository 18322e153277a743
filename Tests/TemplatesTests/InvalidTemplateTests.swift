import Templates
import Testing

/// A text that is no template and the error for it, without the name in front.
struct InvalidTemplate: CustomTestStringConvertible {
    let text: String
    let error: String

    init(_ text: String, _ error: String) {
        self.text = text
        self.error = error
    }

    var testDescription: String { text }
}

@Suite struct InvalidTemplateTests {
    private func check(_ template: InvalidTemplate) {
        #expect(failure(of: template.text) == "template: t:" + template.error, "\(template.text)")
    }

    @Test(arguments: [
        InvalidTemplate("{{", "1: unclosed action"),
        InvalidTemplate("a\n{{", "2: unclosed action"),
        InvalidTemplate("{{(.X 1", "1: unclosed action"),
        InvalidTemplate("a\n{{\"x\"\n\"y\"\n", "4: unclosed action started at t:2"),
        InvalidTemplate("{{\n\n\n", "4: unclosed action started at t:1"),
        InvalidTemplate("{{$v := `\n`}} {{", "2: unclosed action"),
        InvalidTemplate("{{\n{{define `x", "2: unexpected \"{\" in command"),
        InvalidTemplate("{{/*}}", "1: unclosed comment"),
        InvalidTemplate("{{/*\nhello\n}}", "1: unclosed comment"),
        InvalidTemplate("{{if .X}}\n{{/*", "2: unclosed comment in action started at t:1"),
        InvalidTemplate("{{/* a */ }}", "1: comment ends before closing delimiter"),
        InvalidTemplate("{{ /* a */}}", #"1: unexpected "/" in command"#),
        InvalidTemplate("{{.X (1 2}}", "1: unclosed left paren"),
        InvalidTemplate("{{(.X -}}", "1: unclosed left paren"),
        InvalidTemplate("{{.X 1 ) }}", "1: unexpected right paren"),
        InvalidTemplate("{{a#}}", "1: bad character U+0023 '#'"),
        InvalidTemplate("{{.X}", "1: bad character U+007D '}'"),
        InvalidTemplate("{{.X }", #"1: unexpected "}" in operand"#),
        InvalidTemplate("{{.#}}", "1: bad character U+0023 '#'"),
        InvalidTemplate("{{$x\u{1}}}", "1: bad character U+0001"),
        InvalidTemplate("{{“a”}}", "1: unrecognized character in action: U+201C '“'"),
        InvalidTemplate("{{\u{0}}}", "1: unrecognized character in action: U+0000"),
        InvalidTemplate("{{\u{1F600}}}", "1: unrecognized character in action: U+1F600 '😀'"),
        InvalidTemplate("{{.X : 1}}", "1: expected :="),
        InvalidTemplate("{{'a}}", "1: unterminated character constant"),
        InvalidTemplate("{{\"a}}", "1: unterminated quoted string"),
        InvalidTemplate("{{\"a\n\"}}", "1: unterminated quoted string"),
        InvalidTemplate("{{\"a\\\n\"}}", "1: unterminated quoted string"),
        InvalidTemplate("{{\"a\\", "1: unterminated quoted string"),
        InvalidTemplate("{{`a}}", "1: unterminated raw quoted string"),
    ])
    func `broken tokens are told`(template: InvalidTemplate) {
        check(template)
    }

    @Test(arguments: [
        InvalidTemplate("{{}}", "1: missing value for command"),
        InvalidTemplate("{{- }}", "1: missing value for command"),
        InvalidTemplate("{{if}}{{end}}", "1: missing value for if"),
        InvalidTemplate("{{with }}{{end}}", "1: missing value for with"),
        InvalidTemplate("{{range}}{{end}}", "1: missing value for range"),
        InvalidTemplate("{{ ( ) }}", "1: missing value for parenthesized pipeline"),
        InvalidTemplate("{{block `x`}}{{end}}", "1: missing value for block clause"),
        InvalidTemplate("{{$x := }}", "1: missing value for command"),
        InvalidTemplate("{{range $k,}}{{end}}", "1: missing value for range"),
        InvalidTemplate("{{range $k, $v := }}{{end}}", "1: missing value for range"),
        InvalidTemplate("{{| .X}}", #"1: unexpected "|" in command"#),
        InvalidTemplate("{{.X || .Y}}", #"1: unexpected "|" in command"#),
        InvalidTemplate("{{printf 3, 4}}", #"1: unexpected "," in operand"#),
        InvalidTemplate("{{printf 3`x`}}", #"1: unexpected "`x`" in operand"#),
        InvalidTemplate("{{.X == 1}}", #"1: unexpected "=" in operand"#),
        InvalidTemplate("{{printf `x`.}}", "1: unexpected <.> in operand"),
        InvalidTemplate("{{printf(.X)}}", #"1: unexpected "(" in operand"#),
        InvalidTemplate("{{.X if}}", "1: unexpected <if> in operand"),
        InvalidTemplate("{{.X\"a long string indeed\"}}", "1: bad character U+0022 '\"'"),
        InvalidTemplate("{{(.X)\"a long string indeed\"}}", #"1: unexpected "\"a long st"... in operand"#),
        InvalidTemplate("{{(.X)`äääää`}}", #"1: unexpected "`äääää`"... in operand"#),
        InvalidTemplate("{{printf (printf .).}}", "1: unexpected <.> in operand"),
        InvalidTemplate("{{..E}}", #"1: unexpected . after term ".""#),
        InvalidTemplate("{{nil.E}}", #"1: unexpected . after term "nil""#),
        InvalidTemplate("{{true.E}}", #"1: unexpected . after term "true""#),
        InvalidTemplate("{{'a'.any}}", #"1: unexpected . after term "'a'""#),
        InvalidTemplate("{{\"a\".b}}", #"1: unexpected . after term "\"a\"""#),
        InvalidTemplate("{{12|.}}", "1: non executable command in pipeline stage 2"),
        InvalidTemplate("{{.|printf|12}}", "1: non executable command in pipeline stage 3"),
        InvalidTemplate("{{.|`x`}}", "1: non executable command in pipeline stage 2"),
        InvalidTemplate("{{.|'e'}}", "1: non executable command in pipeline stage 2"),
        InvalidTemplate("{{.|true}}", "1: non executable command in pipeline stage 2"),
        InvalidTemplate("{{.|nil}}", "1: non executable command in pipeline stage 2"),
        InvalidTemplate("{{foo}}", #"1: function "foo" not defined"#),
        InvalidTemplate("a\n{{\nx\n}}", #"3: function "x" not defined"#),
    ])
    func `broken pipelines are told`(template: InvalidTemplate) {
        check(template)
    }

    @Test(arguments: [
        InvalidTemplate("{{$a}}", #"1: undefined variable "$a""#),
        InvalidTemplate("{{with $x := 4}}{{end}}\n{{$x}}", #"2: undefined variable "$x""#),
        InvalidTemplate("{{if .A}}{{$x := 1}}{{end}}{{$x.Y}}", #"1: undefined variable "$x""#),
        InvalidTemplate("{{$x := 1}}{{define `a`}}{{$x}}{{end}}", #"1: undefined variable "$x""#),
        InvalidTemplate("{{$x := 1}}{{block `a` $x}}{{$x}}{{end}}", #"1: undefined variable "$x""#),
        InvalidTemplate("{{define `a`}}{{$x := 1}}{{end}}{{$x}}", #"1: undefined variable "$x""#),
        InvalidTemplate("{{range $k}}{{end}}", #"1: undefined variable "$k""#),
        InvalidTemplate("{{range $k, $v}}{{end}}", #"1: undefined variable "$v""#),
        InvalidTemplate("{{$x := 1}}{{with $x.y := 3}}{{end}}", #"1: unexpected ":=" in operand"#),
        InvalidTemplate("{{$a,$b := 23}}", "1: too many declarations in command"),
        InvalidTemplate("{{with $v, $u := 3}}{{end}}", "1: too many declarations in with"),
        InvalidTemplate("{{range $u, $v, $w := 3}}{{end}}", "1: too many declarations in range"),
        InvalidTemplate("{{range $k, .}}{{end}}", "1: range can only initialize variables"),
        InvalidTemplate("{{range $k, 123 := .}}{{end}}", "1: range can only initialize variables"),
        InvalidTemplate("{{range $x := $y := 3}}{{end}}", #"1: undefined variable "$y""#),
        InvalidTemplate("{{$x:=.}}{{$x!2}}", "1: bad character U+0021 '!'"),
        InvalidTemplate("{{$x : 1}}", #"1: undefined variable "$x""#),
        InvalidTemplate("{{$x=1}}", "1: bad character U+003D '='"),
        InvalidTemplate("{{$x := 0}}{{$x % 3}}", #"1: unexpected "%" in operand"#),
    ])
    func `broken variables are told`(template: InvalidTemplate) {
        check(template)
    }

    @Test(arguments: [
        InvalidTemplate("{{end}}", "1: unexpected {{end}}"),
        InvalidTemplate("{{else}}", "1: unexpected {{else}}"),
        InvalidTemplate("{{else if .X}}", "1: unexpected {{else}}"),
        InvalidTemplate("{{if .X}}a{{end}}{{else}}", "1: unexpected {{else}}"),
        InvalidTemplate("{{if .X}}a{{else if .Y}}b{{end}}{{end}}", "1: unexpected {{end}}"),
        InvalidTemplate("{{if .X}}1{{else}}2{{else}}3{{end}}", "1: expected end; found {{else}}"),
        InvalidTemplate("{{range .X}}", "1: unexpected EOF"),
        InvalidTemplate("{{range .X}}\n{{else}}\n", "3: unexpected EOF"),
        InvalidTemplate("{{define `x`}}a\n\n", "3: unexpected EOF"),
        InvalidTemplate("{{end .X}}", #"1: unexpected ".X" in end"#),
        InvalidTemplate("{{if .X}}{{else .X}}{{end}}", #"1: unexpected ".X" in else"#),
        InvalidTemplate("{{range .X}}{{else if .Y}}{{end}}", "1: unexpected <if> in input"),
        InvalidTemplate("{{if .X}}{{else with .Y}}{{end}}", "1: unexpected <with> in input"),
        InvalidTemplate("{{break}}", "1: {{break}} outside {{range}}"),
        InvalidTemplate("{{range .}}{{end}} {{continue}}", "1: {{continue}} outside {{range}}"),
        InvalidTemplate("{{range .}}{{else}}{{break}}{{end}}", "1: {{break}} outside {{range}}"),
        InvalidTemplate("{{range .}}{{block `x` .}}{{break}}{{end}}{{end}}", "1: {{break}} outside {{range}}"),
        InvalidTemplate("{{range .}}{{break 20}}{{end}}", #"1: unexpected "20" in {{break}}"#),
        InvalidTemplate("{{template}}", #"1: unexpected "}}" in template clause"#),
        InvalidTemplate("{{template .X}}", #"1: unexpected ".X" in template clause"#),
        InvalidTemplate("{{template $v}}", #"1: unexpected "$v" in template clause"#),
        InvalidTemplate(#"{{template "\q"}}"#, "1: invalid syntax"),
        InvalidTemplate("{{define}}{{end}}", #"1: unexpected "}}" in define clause"#),
        InvalidTemplate("{{define `x` .}}{{end}}", "1: unexpected <.> in define clause"),
        InvalidTemplate("{{if .X}}{{define `x`}}{{end}}{{end}}", "1: unexpected <define> in command"),
        InvalidTemplate("{{define `x`}}\n{{else}}{{end}}", "2: unexpected {{else}} in define clause"),
        InvalidTemplate("{{block `x` .}}\n{{else}}{{end}}", "1: unexpected {{else}} in block clause"),
        InvalidTemplate(
            "{{define `a`}}a{{end}}{{define `a`}}b{{end}}", #"1: template: multiple definition of template "a""#),
        InvalidTemplate("{{define `t`}}a{{end}}b", #"1: template: multiple definition of template "t""#),
    ])
    func `broken control structures are told`(template: InvalidTemplate) {
        check(template)
    }

    @Test func `the error has its parts`() {
        #expect(throws: TemplateError(name: "motd", line: 2, message: "unexpected EOF")) {
            try Template(parsing: "{{if .X}}\n", name: "motd")
        }
        #expect(failure(of: "{{if .X}}\n", name: "motd") == "template: motd:2: unexpected EOF")
    }
}
