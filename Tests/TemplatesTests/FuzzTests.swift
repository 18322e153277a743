import StoreTesting
import Templates
import Testing

/// Parsing must end without a crash whatever it is given, and what it accepts must read the same when parsed again.
@Suite struct FuzzTests {
    private static let samples = [
        "#!ipxe\n{{if .Machine.Secure -}}\nset x {{.Env.PathFor \"http\" \"vmlinuz\" | quote}}\n{{else if eq 1 2}}a{{end}}\n",
        "{{range $i, $repo := .InstallRepos -}}\n{{$repo.Install}}{{if $i}}{{break}}{{end}}\n{{else}}none{{end}}",
        "{{define \"a\"}}{{.}}{{end}}{{template \"a\" (.Param \"x\" | default `y`).Z}}{{block \"b\" .}}{{- 'c' -}}{{end}}",
        "{{$x := 0x1F}}{{$x = 1.5e3 | printf \"%d\\n\\u00e9\"}}{{with $y := .A.B}}{{$y}}{{else with -1}}{{/* c */}}{{end}}",
    ]

    private static let pieces =
        samples + [
            "{{", "}}", "{{-", "-}}", " ", "\n", "(", ")", "|", ":=", "=", ",", ".", "$", "$x", ".X", "\"", "`", "'",
            "\\", "/*", "*/", "if", "else", "end", "range", "with", "define", "block", "template", "break", "continue",
            "nil", "true", "len", "foo", "1", "0x", "1e", "1+2i", "_", "é", "\u{0}", "\u{1F600}", "\u{301}",
            "{{end}}", "{{else}}", "{{if .X}}", "{{range $x := .}}", "{{$x := 1}}", "{{define `a`}}",
        ]

    private func check(_ text: String, _ hint: String) {
        let template: Template
        do throws(TemplateError) {
            template = try Template(parsing: text, name: "t")
        } catch {
            let lines = text.utf8.count { $0 == UInt8(ascii: "\n") } + 1
            #expect((1...lines).contains(error.line) && !error.message.isEmpty, "\(hint): \(text.debugDescription)")
            return
        }
        // A brace alone may meet another one when the comment or trim marker between them is no longer there.
        guard !text.replacing("{{", with: "").contains("{") else { return }
        for body in [template.root] + template.definitions.values {
            let spelled = body.map(\.description).joined()
            let again = try? parse(spelled).root.map(\.description).joined()
            #expect(again == spelled, "\(hint): \(text.debugDescription)")
        }
    }

    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func `random bytes end`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for round in 0..<40 {
            let bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            let text = String(decoding: bytes, as: UTF8.self)
            check(text, "seed \(seed), round \(round)")
            check("{{" + text + "}}", "seed \(seed), round \(round), as an action")
        }
    }

    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func `random pieces end`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for round in 0..<60 {
            let count = Int.random(in: 0...12, using: &random)
            let text = (0..<count).map { _ in Self.pieces.randomElement(using: &random)! }.joined()
            check(text, "seed \(seed), round \(round)")
        }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `mutated templates end`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for round in 0..<30 {
            var scalars = Array(Self.samples.randomElement(using: &random)!.unicodeScalars)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let start = Int.random(in: 0...scalars.count, using: &random)
                let end = min(scalars.count, start + Int.random(in: 0...4, using: &random))
                let piece = Bool.random(using: &random) ? "" : Self.pieces.randomElement(using: &random)!
                scalars.replaceSubrange(start..<end, with: piece.unicodeScalars)
            }
            check(String(String.UnicodeScalarView(scalars)), "seed \(seed), round \(round)")
        }
    }

    @Test(arguments: samples)
    func `every beginning of a template ends`(sample: String) {
        check(sample, "whole")
        #expect(failure(of: sample) == nil)
        for length in 0..<sample.unicodeScalars.count {
            check(String(String.UnicodeScalarView(sample.unicodeScalars.prefix(length))), "first \(length)")
        }
    }

    @Test func `large templates take time in proportion`() throws {
        let count = 5000
        let text = (0..<count).map { "{{$v\($0) := .X}}{{$v\($0)}}\n" }.joined()
        #expect(try parse(text).root.count == 3 * count)
    }
}
