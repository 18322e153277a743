import JSON
import StoreTesting
import Testing
import Tracker

@testable import Content

/// Reading a file of a pack takes steps in proportion to its length: how often one of its values and keys is looked at.
@Suite struct YAMLGrowthTests {
    struct TextCase: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: @Sendable (Int) -> String

        init(_ name: String, _ text: @escaping @Sendable (Int) -> String) {
            (testDescription, self.text) = (name, text)
        }

        /// Lines that follow one another, in which `#` is the line's number.
        init(lines line: String, after start: String = "") {
            self.init(start + line) { size in
                start + (0..<size).map { line.replacing("#", with: "\($0)") + "\n" }.joined()
            }
        }
    }

    static let cases = [
        TextCase(lines: "- x"), TextCase(lines: "k#: v"), TextCase(lines: "k: v#"), TextCase(lines: "k#: {a: [1, 2]}"),
        TextCase(lines: "- *a", after: "- &a {x: 1, y: 2}\n"), TextCase(lines: "- &a {x: #}\n- *a"),
        TextCase(lines: "k#:\n  <<: *b\n  x: 1", after: "base: &b {x: 0, y: 0}\n"),
        TextCase(lines: "k#: |\n  text\n  text"), TextCase(lines: "- !!str #"), TextCase(lines: "- \"a\\n#\""),
        TextCase(lines: "{x: 1}: #"), TextCase(lines: "# comment"), TextCase(lines: "- 52:54:00:12:34:#"),
    ]

    @Test(arguments: cases) func `a YAML text takes steps in proportion to its length`(of: TextCase) throws {
        let growth = StepGrowth.perDoubling(of: 500) { size in
            do throws(YAMLError) {
                return try YAMLReader.read(Array(of.text(size).utf8), as: .map(.string)).visits
            } catch {
                // What is refused is refused at its first line.
                return error.line
            }
        }
        #expect(growth <= StepGrowth.limit)
    }
}
