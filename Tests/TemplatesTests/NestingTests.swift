import Templates
import Testing

@Suite struct NestingTests {
    private let limit = Template.maximumNesting

    private func repeated(_ text: String, _ count: Int) -> String {
        String(repeating: text, count: count)
    }

    @Test func `parentheses nest up to the limit`() throws {
        let text = { (depth: Int) in "{{" + repeated("(", depth) + "1" + repeated(")", depth) + "}}" }
        #expect(try parse(text(limit)).root.first?.description == text(limit))
        #expect(failure(of: text(limit + 1)) == "template: t:1: max expression depth exceeded")
        #expect(failure(of: text(100_000)) == "template: t:1: max expression depth exceeded")
    }

    @Test(arguments: ["if .", "with .", "range .", "block `a` ."])
    func `blocks nest up to the limit`(opening: String) throws {
        // Nested blocks of one name are all empty but for the calls; the names have to differ.
        let text = { (depth: Int) in
            (0..<depth).map { "{{" + opening.replacing("`a`", with: "`\($0)`") + "}}\n" }.joined()
                + repeated("{{end}}", depth)
        }
        _ = try parse(text(limit))
        #expect(failure(of: text(limit + 1)) == "template: t:\(limit + 1): max control structure depth exceeded")
        #expect(failure(of: text(20_000)) == "template: t:\(limit + 1): max control structure depth exceeded")
    }

    @Test func `parentheses and blocks count together`() throws {
        let text = { (depth: Int) in
            repeated("{{if .}}", limit - 1) + "{{" + repeated("(", depth) + "1" + repeated(")", depth) + "}}"
                + repeated("{{end}}", limit - 1)
        }
        _ = try parse(text(1))
        #expect(failure(of: text(2)) == "template: t:1: max expression depth exceeded")
    }

    @Test func `what follows one another is not limited`() throws {
        let chain = "{{if .}}" + repeated("{{else if .}}", 5000) + "{{end}}"
        #expect(try parse(chain).root.first?.description == chain)
        #expect(try parse(repeated("{{if (.)}}{{end}}", 5000)).root.count == 5000)
        #expect(try parse("{{printf" + repeated(" (1)", 5000) + "}}").root.count == 1)
    }
}
