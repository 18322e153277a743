import FuzzTesting
import Testing

@testable import Templates

/// Templates, which packs and clients bring.
@Suite struct TemplateFuzzers {
    static let all = [
        Fuzzer.text("template", words: words, rounds: 300) { text in
            guard let template = try? Template(parsing: text, name: "t") else { return }
            _ = template.root.map(\.description).joined()
        }
    ]

    private static let words = [
        "{{", "}}", "{{-", "-}}", "{{if .X}}", "{{end}}", "{{else}}", "{{range $x := .}}", "{{define `a`}}",
        "{{template \"a\"}}", "{{block \"b\" .}}", "{{break}}", "{{/*", "*/}}", ":=", "|", "$x", ".A.B", "0x1p-2",
        "1+2i", "'\\u00e9'", "`raw`", "(", ")", "len", "nil",
    ]

    @Test(arguments: all) func `take whatever they are given`(fuzzer: Fuzzer) async throws { try await fuzzer.run() }
}
