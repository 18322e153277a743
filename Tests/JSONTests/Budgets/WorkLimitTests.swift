import Testing

@testable import JSON

/// Short input that means much work, or a long answer, ends at a bound that the answer names.
@Suite struct WorkLimitTests {
    private func refuses(_ schema: JSONValue, _ value: JSONValue) throws -> Bool {
        // Less than there is, so that the tests take little time.
        var work = StepBudget(50_000)
        let problems = try JSONSchema(compiling: schema).problems(of: value, within: &work)
        return problems.count == 1 && problems[0].message.contains("\(JSONSchema.maxSteps) steps")
    }

    @Test func `many choices for each of many elements`() throws {
        let choices = JSONValue.array((0..<5000).map { JSONValue($0) })
        let value = JSONValue.array(Array(repeating: -1, count: 5000))
        #expect(try refuses(["items": ["enum": choices]], value))
    }

    @Test func `many properties for each of many elements`() throws {
        let properties = JSONObject((0..<5000).map { ("p\($0)", JSONValue.bool(true)) })
        let value = JSONValue.array(Array(repeating: [:], count: 5000))
        #expect(try refuses(["items": ["properties": .object(properties)]], value))
    }

    @Test func `a long text for each of many patterns`() throws {
        let patterns = JSONValue.array(Array(repeating: ["pattern": "(a?){50}b"], count: 5000))
        #expect(try refuses(["allOf": patterns], .string(String(repeating: "a", count: 20_000))))
    }

    @Test func `a long array looked at for doubles again and again`() throws {
        let rules = JSONValue.array(Array(repeating: ["uniqueItems": true], count: 5000))
        #expect(try refuses(["allOf": rules], .array((0..<20_000).map { JSONValue($0) })))
    }

    @Test func `more problems than anybody reads`() throws {
        #expect(try refuses(["items": false], .array(Array(repeating: 1, count: 200_000))))
    }

    @Test func `more subschemas than a schema may have`() {
        let items = JSONValue.array(Array(repeating: [:], count: JSONSchema.maxNodes))
        let error = #expect(throws: JSONSchema.CompileError.self) { try JSONSchema(compiling: ["items": items]) }
        #expect(error?.message == "The schema has more than \(JSONSchema.maxNodes) subschemas")
    }

    @Test(arguments: [
        String(repeating: "a", count: LinearRegex.longestPattern + 1), String(repeating: "(?i)", count: 10_000),
    ])
    func `a pattern longer than any may be`(pattern: String) {
        let error = #expect(throws: LinearRegex.SyntaxError.self) { try LinearRegex(pattern) }
        #expect(error?.code == .tooLarge && error?.fragment.utf8.count ?? 0 < 100)
    }

    @Test func `a patch that moves much deeper again and again`() throws {
        let large = JSONValue.array(Array(repeating: 1, count: 20_000))
        let (shallow, deep) = (JSONPointer(tokens: ["a"]), JSONPointer(tokens: ["o", "a"]))
        let operations = (0..<10_000).map { number in
            number % 2 == 0
                ? JSONPatch.Operation.move(from: shallow, path: deep) : .move(from: deep, path: shallow)
        }
        var work = StepBudget(200_000)
        let failure = #expect(throws: JSONPatch.Failure.self) {
            try JSONPatch(operations: operations).apply(to: ["a": large, "o": [:]], within: &work)
        }
        #expect(failure?.reason == .tooMuchWork)
        #expect(failure?.description.contains("\(JSONPatch.maxSteps) steps") == true)
    }

    @Test func `the text of a patch stays short, even where it would be mostly spaces`() {
        var nested = JSONValue.array(Array(repeating: 1, count: 100_000))
        for _ in 0..<200 { nested = [nested] }
        let texts = [
            JSONPatch(operations: [.add(path: JSONPointer(), value: nested)]),
            JSONPatch(operations: Array(repeating: .remove(path: JSONPointer(tokens: ["a"])), count: 100_000)),
            JSONPatch(operations: [.add(path: JSONPointer(), value: .string(String(repeating: "é", count: 1 << 20)))]),
        ].map { $0.prettyText() }
        for text in texts {
            #expect(text.utf8.count < JSONPatch.longestText + 200)
            #expect(text.hasSuffix("operations, not shown beyond \(JSONPatch.longestText) bytes)"))
        }
    }

    @Test func `an error shows a large object in part`() throws {
        let object = JSONObject((0..<100_000).map { ("k\($0)", JSONValue($0)) })
        let error = #expect(throws: JSONPointerError.self) { try JSONValue.object(object).value(at: JSONPointer("/x")) }
        #expect(error?.description.utf8.count ?? 0 < 70_000)
        #expect(error?.description.hasSuffix("…") == true)
    }

    @Test func `a pointer that leads deeper than documents go is no part of a patch`() throws {
        let deep = String(repeating: "/a", count: JSONLimits.default.maxDepth + 1)
        let long = "/" + String(repeating: "a", count: JSONPatch.longestPointer)
        for path in [deep, long] {
            let error = #expect(throws: JSONPatch.FormatError.self) {
                try JSONPatch([["op": "remove", "path": .string(path)]])
            }
            #expect(error?.description.utf8.count ?? 0 < 100)
        }
    }

    @Test func `classes of many ranges are searched, not gone through`() throws {
        let ranges = (0..<3000).map { "\\x{\(String(0x4E00 + 2 * $0, radix: 16))}" }.joined()
        let regex = try LinearRegex("^[" + ranges + "]$")
        #expect(regex.matches("\u{4E00}") && regex.matches("\u{4E02}") && !regex.matches("\u{4E01}"))
        #expect(!regex.matches("\u{4DFF}") && !regex.matches("\u{9FFF}"))
    }
}
