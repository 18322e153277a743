import Basics
import FuzzTesting
import JSON
import Testing

@testable import Templates

/// Templates, which packs and clients bring.
@Suite struct TemplateFuzzers {
    static let all = [
        Fuzzer.text("template", words: words, rounds: 300) { text in
            guard let template = try? Template(parsing: text, name: "t") else { return }
            _ = template.root.map(\.description).joined()
        },
        Fuzzer.text("template-execution", words: words + functions, rounds: 300) { text in
            try TemplateExecutor().execute(text)
        },
    ]

    private static let words = [
        "{{", "}}", "{{-", "-}}", "{{if .X}}", "{{end}}", "{{else}}", "{{range $x := .}}", "{{define `a`}}",
        "{{template \"a\"}}", "{{block \"b\" .}}", "{{break}}", "{{/*", "*/}}", ":=", "|", "$x", ".A.B", "0x1p-2",
        "1+2i", "'\\u00e9'", "`raw`", "(", ")", "len", "nil",
    ]

    private static let functions = FunctionTable.provisioning.sortedNames.map { " \($0) " }

    @Test(arguments: all) func `take whatever they are given`(fuzzer: Fuzzer) async throws { try await fuzzer.run() }
}

/// Executes templates with little to spend, and checks that they spend no more.
struct TemplateExecutor {
    private let limits = TemplateLimits(calls: 50, depth: 200, steps: 20_000, time: .seconds(3600), output: 64 << 10)

    private static let box: JSONValue = [
        "Name": "box", "Count": 3, "Size": 7, "Ratio": 0.5, "Tags": ["x", "y"], "Meta": ["a": "1"],
        "Params": ["s": "text", "l": [1, "two"]], "Items": [["Label": "i1", "Count": 1]],
    ]

    private static let data: JSONValue = [
        "a": "abc", "n": 3, "f": 1.5, "t": true, "z": false, "nil": .null, "l": ["a", "b", "c"], "m": ["k": "v"],
        "nl": [1, "s", .null, [1], ["q": 1]], "deep": ["a": ["b": ["c": "end"]]],
    ]

    /// Executes a template, if it is one.
    ///
    /// - Throws: `FuzzFailure` when it took or gave more than the limits allow.
    func execute(_ text: String) throws {
        guard let template = try? Template(parsing: text, name: "t") else { return }
        var context = TemplateContext(limits: limits)
        defer { context.finish() }
        let data = TemplateMap(Self.data.objectValue ?? JSONObject())
        data["object"] = .object(SampleObject(json: Self.box))
        do {
            let shown = try template.execute(.map(data), in: TemplateSet(), context: &context)
            try FuzzFailure.unless(shown.utf8.count <= limits.output, "\(shown.utf8.count) bytes of output")
        } catch let error as TemplateExecutionError {
            try FuzzFailure.unless(!error.message.isEmpty && !error.description.isEmpty, "no message")
            // Work that would go far over the limit is refused beforehand, and counts nevertheless.
            if error.limit == .steps { return }
        }
        // One piece of work may go over the limit: a text of the largest size being printed or matched.
        try FuzzFailure.unless(context.steps <= limits.steps + (1 << 20), "\(context.steps) steps")
    }
}
