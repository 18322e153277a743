import StoreTesting
import Testing

@testable import Templates

/// Templates made by a grammar: every function with every sort of argument, in blocks of every sort.
@Suite struct ExecutionFuzzTests {
    private struct Grammar {
        var random: SeededGenerator
        let functions = FunctionTable.provisioning.sortedNames

        private let atoms = [
            ".", ".a", ".n", ".f", ".t", ".nil", ".missing", ".l", ".m", ".nl", ".deep.a.b", ".object",
            ".object.Items", "$", "$x", "0", "1", "-1", "2.5", "1e300", "9223372036854775807", "-9223372036854775808",
            "1i", "nil", "true", "false", "\"\"", "\"a\"", "\"a,b\"", "\"é\\n\"", "\"%s %d\"", "\"[a-\"", "\"(a*)*\"",
            "\"2006-01-02\"", "\"1.2.3\"", "\"-1h\"", "(list 1 \"a\" nil)", "(dict \"a\" 1)", "(.object.Param \"s\")",
            "(toDate \"2006\" \"2020\")", "(semver \"1.2\")", "(until 3)", "(index .nl 4)", ".object.Self.Inner",
        ]

        mutating func argument(_ depth: Int) -> String {
            guard depth > 0, Int.random(in: 0..<4, using: &random) == 0 else {
                return atoms.randomElement(using: &random) ?? "."
            }
            return "(\(pipeline(depth - 1)))"
        }

        mutating func pipeline(_ depth: Int) -> String {
            var text = (0..<Int.random(in: 1...2, using: &random)).map { _ in call(depth) }.joined(separator: " | ")
            if Int.random(in: 0..<6, using: &random) == 0 { text = argument(depth) }
            return text
        }

        private mutating func call(_ depth: Int) -> String {
            let function = functions.randomElement(using: &random) ?? "print"
            let arguments = (0..<Int.random(in: 0...3, using: &random)).map { _ in argument(depth) }
            return ([function] + arguments).joined(separator: " ")
        }

        mutating func block(_ depth: Int) -> String {
            let inner = depth > 0 ? (0..<2).map { _ in block(depth - 1) }.joined() : "{{.}}"
            switch Int.random(in: 0..<8, using: &random) {
            case 0: return "{{if \(pipeline(2))}}\(inner){{else}}\(inner){{end}}"
            case 1: return "{{range $i, $x := \(pipeline(1))}}\(inner){{break}}{{end}}"
            case 2: return "{{range \(pipeline(1))}}\(inner){{end}}"
            case 3: return "{{with \(pipeline(1))}}\(inner){{end}}"
            case 4: return "{{$x = \(pipeline(2))}}"
            case 5: return "{{template \"a\" \(pipeline(1))}}"
            default: return "{{\(pipeline(2))}}"
            }
        }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `templates of a grammar stay within their limits`(seed: UInt64) throws {
        var grammar = Grammar(random: SeededGenerator(seed: seed))
        for _ in 0..<60 {
            let text = "{{$x := 1}}{{define \"a\"}}{{$x := .}}\(grammar.block(1)){{end}}\(grammar.block(2))"
            try TemplateExecutor().execute(text)
        }
    }

    @Test(arguments: FunctionTable.provisioning.sortedNames)
    func `a function stays within its limits whatever its arguments`(name: String) throws {
        var grammar = Grammar(random: SeededGenerator(seed: 7))
        for _ in 0..<60 {
            let arguments = (0..<Int.random(in: 0...4, using: &grammar.random)).map { _ in grammar.argument(0) }
            try TemplateExecutor().execute("{{$x := 1}}{{\(name) \(arguments.joined(separator: " "))}}")
        }
    }
}
