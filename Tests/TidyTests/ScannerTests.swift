import Testing

@Suite struct `Functions of a file` {
    private func functions(_ text: String) -> [FunctionLength] {
        SourceFile(path: "Sources/A/B.swift", lines: text.split(separator: "\n"), text: text).functions
    }

    @Test func `are found with their names and lengths, inner ones too`() {
        let found = functions(
            """
            struct A {
                init(_ a: Int) { self.a = a }
                /// func comment() {
                func long(
                    a: Int, b: () -> Void = {}
                ) throws(E)
                    -> Int
                {
                    func inner() { b() }
                    return 1
                }
                @Test func `a sentence { of words`() async {
                }
            }
            """)
        #expect(
            found == [
                FunctionLength(name: "init", line: 2, count: 1), FunctionLength(name: "long", line: 4, count: 8),
                FunctionLength(name: "inner", line: 9, count: 1),
                FunctionLength(name: "a sentence { of words", line: 12, count: 2),
            ])
    }

    @Test func `are none where a protocol asks for them or something else is meant`() {
        #expect(
            functions(
                """
                protocol P {
                    func a(_ b: Int) throws(E) -> Int
                    var c: Int { get }
                }
                let d = A.init(b: 1).map { $0 }
                """) == [])
    }

    @Test func `do not end at braces in strings and comments`() {
        let text = #"""
            func a() {
                let b = "}\(c.map { "}" })" + #"\("}"#
                /* } /* } */ } */
            }
            """#
        #expect(functions(text) == [FunctionLength(name: "a", line: 1, count: 4)])
    }
}
