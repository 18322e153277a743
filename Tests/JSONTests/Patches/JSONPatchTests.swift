import JSON
import Testing

struct JSONPatchTests {
    /// A document, a patch and what comes of it: a document, or the text of the failure.
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var document: JSONValue
        var patch: JSONValue
        var result: JSONValue?
        var failure: String?

        var testDescription: String { name }

        init(_ name: String, _ document: JSONValue, _ patch: JSONValue, gives result: JSONValue) {
            (self.name, self.document, self.patch, self.result) = (name, document, patch, result)
        }

        init(_ name: String, _ document: JSONValue, _ patch: JSONValue, fails failure: String) {
            (self.name, self.document, self.patch, self.failure) = (name, document, patch, failure)
        }
    }

    static let working: [Case] = [
        Case("nothing", ["a": 1], [], gives: ["a": 1]),
        Case("add a member", ["b": 1], [["op": "add", "path": "/a", "value": 2]], gives: ["a": 2, "b": 1]),
        Case("add over a member", ["a": 1], [["op": "add", "path": "/a", "value": .null]], gives: ["a": .null]),
        Case("add an element", ["l": [1, 3]], [["op": "add", "path": "/l/1", "value": 2]], gives: ["l": [1, 2, 3]]),
        Case("add behind the last", [1], [["op": "add", "path": "/1", "value": 2]], gives: [1, 2]),
        Case("append", [1], [["op": "add", "path": "/-", "value": [2]]], gives: [1, [2]]),
        Case("add the document", ["a": 1], [["op": "add", "path": "", "value": [1]]], gives: [1]),
        Case("add ignores other members", [:], [["op": "add", "path": "/a", "value": 1, "x": 2]], gives: ["a": 1]),
        Case("remove a member", ["a": 1, "b": 2], [["op": "remove", "path": "/a"]], gives: ["b": 2]),
        Case("remove an element", [1, 2, 3], [["op": "remove", "path": "/1"]], gives: [1, 3]),
        Case("remove the document", [1], [["op": "remove", "path": ""]], gives: .null),
        Case(
            "replace a member", ["a": ["b": 1]], [["op": "replace", "path": "/a/b", "value": 2]], gives: ["a": ["b": 2]]
        ),
        Case("replace an element", [1, 2], [["op": "replace", "path": "/0", "value": 0]], gives: [0, 2]),
        Case("replace the document", 1, [["op": "replace", "path": "", "value": 2]], gives: 2),
        Case(
            "move a member", ["a": ["x": 1], "b": [:]], [["op": "move", "from": "/a/x", "path": "/b/y"]],
            gives: ["a": [:], "b": ["y": 1]]),
        Case("move an element", [1, 2, 3], [["op": "move", "from": "/0", "path": "/2"]], gives: [2, 3, 1]),
        Case("move to itself", ["a": 1], [["op": "move", "from": "/a", "path": "/a"]], gives: ["a": 1]),
        Case("move a part over the whole", ["a": 1], [["op": "move", "from": "/a", "path": ""]], gives: 1),
        Case("copy a member", ["a": [1]], [["op": "copy", "from": "/a", "path": "/b"]], gives: ["a": [1], "b": [1]]),
        Case(
            "copy the document", ["a": 1], [["op": "copy", "from": "", "path": "/b"]], gives: ["a": 1, "b": ["a": 1]]),
        Case("copy into a list", [1, 2], [["op": "copy", "from": "/1", "path": "/0"]], gives: [2, 1, 2]),
        Case("test numbers by value", ["a": 1], [["op": "test", "path": "/a", "value": 1.0]], gives: ["a": 1]),
        Case(
            "test deeply", ["a": ["b": [1, .null]]], [["op": "test", "path": "", "value": ["a": ["b": [1, .null]]]]],
            gives: ["a": ["b": [1, .null]]]),
        Case(
            "escaped keys", ["a/b": 1, "m~n": 2],
            [["op": "test", "path": "/a~1b", "value": 1], ["op": "remove", "path": "/m~0n"]], gives: ["a/b": 1]),
        Case(
            "what Go clients send", ["Name": "x"],
            [
                ["op": "test", "path": "/Name", "from": "", "value": "x"],
                ["op": "replace", "path": "/Name", "from": "", "value": "y"],
                ["op": "add", "path": "/Meta", "from": "", "value": .null],
                ["op": "remove", "path": "/Meta", "from": "", "value": .null],
            ], gives: ["Name": "y"]),
        Case(
            "later operations see earlier ones", [:],
            [
                ["op": "add", "path": "/a", "value": []], ["op": "add", "path": "/a/-", "value": 1],
                ["op": "move", "from": "/a/0", "path": "/b"], ["op": "test", "path": "/b", "value": 1],
            ], gives: ["a": [], "b": 1]),
    ]

    static let failing: [Case] = [
        Case("test", ["a": 1], [["op": "test", "path": "/a", "value": "1"]], fails: "0: Test op failed."),
        Case("test null", ["a": 0], [["op": "test", "path": "/a", "value": .null]], fails: "0: Test op failed."),
        Case(
            "test of nothing", ["a": 1], [["op": "test", "path": "/k", "value": 1]],
            fails: #"0: Selector k not a member of map[string]interface {}{"a":1}"#),
        Case(
            "remove nothing", [:], [["op": "remove", "path": "/foo"]],
            fails: "0: `/foo` does not point to an existing location"),
        Case(
            "replace nothing", ["y": [:]], [["op": "replace", "path": "/y/x", "value": 1]],
            fails: "0: /y/x does not refer to an existing location"),
        Case(
            "add below nothing", [:], [["op": "add", "path": "/a/b", "value": 1]],
            fails: "0: Selector a not a member of map[string]interface {}{}"),
        Case("add far out", [1], [["op": "add", "path": "/2", "value": 1]], fails: "0: Index out of bounds"),
        Case("remove behind the last", [1], [["op": "remove", "path": "/-"]], fails: "0: Index out of bounds"),
        Case(
            "leading zero", [1, 2], [["op": "replace", "path": "/01", "value": 1]],
            fails: #"0: strconv.Atoi: parsing "01": invalid syntax"#),
        Case(
            "add to a scalar", ["a": 1], [["op": "add", "path": "/a/b", "value": 1]],
            fails: "0: Cannot put to non-indexable JSON value"),
        Case(
            "remove from a scalar", ["a": 1], [["op": "remove", "path": "/a/b"]],
            fails: "0: Cannot remove non-indexable JSON value"),
        Case(
            "go on in a scalar", ["a": 1], [["op": "remove", "path": "/a/b/c"]],
            fails: "0: Cannot index pointer /b for non-indexable JSON value"),
        Case(
            "move into itself", ["a": ["b": 1]], [["op": "move", "from": "/a", "path": "/a/b"]],
            fails: "0: Cannot move `/a` into its own child `/a/b`"),
        Case(
            "move nothing", [:], [["op": "move", "from": "/a", "path": "/b"]],
            fails: "0: Selector a not a member of map[string]interface {}{}"),
        Case(
            "the index counts from zero", ["a": 1],
            [["op": "add", "path": "/b", "value": 1], ["op": "remove", "path": "/c"]],
            fails: "1: `/c` does not point to an existing location"),
    ]

    @Test(arguments: working) func `a patch applies`(_ example: Case) throws {
        let patch = try JSONPatch(example.patch)
        #expect(try patch.apply(to: example.document) == example.result)
        #expect(try JSONPatch(patch.value) == patch)
    }

    @Test(arguments: failing) func `a patch that does not fit fails`(_ example: Case) throws {
        let patch = try JSONPatch(example.patch)
        #expect { try patch.apply(to: example.document) } throws: {
            "\($0)" == "Patch error at line \(example.failure ?? "")"
        }
    }

    @Test func `a failure names the operation`() throws {
        let patch = try JSONPatch([["op": "add", "path": "/a", "value": 1], ["op": "test", "path": "/a", "value": 2]])
        let failure = #expect(throws: JSONPatch.Failure.self) { try patch.apply(to: [:]) }
        #expect(failure?.index == 1)
        #expect(failure?.operation == patch.operations[1])
        #expect(failure?.reason == .testFailed)
    }

    @Test(
        arguments: [
            ([:], "Patch: must be an array of operations, not object"),
            ([1], "Patch operation 0: must be an object with op and path, not number"),
            ([["path": ""]], "Patch operation 0: op is missing or no string"),
            (
                [["op": "frob", "path": ""]],
                "Patch operation 0: op `frob` is not one of add, remove, replace, move, copy and test"
            ),
            ([["op": "remove", "path": ""], ["op": "remove"]], "Patch operation 1: path is missing or no string"),
            ([["op": "remove", "path": 1]], "Patch operation 0: path is missing or no string"),
            (
                [["op": "remove", "path": "a"]],
                "Patch operation 0: path `a`: Initial character of a non-empty pointer must be `/`"
            ),
            ([["op": "add", "path": "/a"]], "Patch operation 0: add must have a value"),
            ([["op": "move", "path": "/a"]], "Patch operation 0: from is missing or no string"),
            (
                [["op": "copy", "from": "/~", "path": "/a"]],
                "Patch operation 0: from `/~`: `~` has an illegal unescaped ~"
            ),
        ] as [(JSONValue, String)])
    func `a malformed patch is refused`(value: JSONValue, message: String) {
        #expect { try JSONPatch(value) } throws: { "\($0)" == message }
    }

    @Test func `the pretty text shows every member in order`() throws {
        let patch = try JSONPatch([
            ["op": "test", "path": "/OS/Name", "value": "ffred"],
            ["value": ["b": [1, "\n"], "a": [:]], "path": "", "op": "add"],
            ["op": "copy", "from": "/a", "path": "/b~1c"], ["op": "remove", "path": "/a"],
        ])
        #expect(
            patch.prettyText() == """
                [
                  {
                    "op": "test",
                    "path": "/OS/Name",
                    "from": "",
                    "value": "ffred"
                  },
                  {
                    "op": "add",
                    "path": "",
                    "from": "",
                    "value": {
                      "a": {},
                      "b": [
                        1,
                        "\\n"
                      ]
                    }
                  },
                  {
                    "op": "copy",
                    "path": "/b~1c",
                    "from": "/a",
                    "value": null
                  },
                  {
                    "op": "remove",
                    "path": "/a",
                    "from": "",
                    "value": null
                  }
                ]
                """)
        #expect(JSONPatch().prettyText() == "[]")
    }

    @Test func `a document copied into itself stops growing`() throws {
        let doubling = JSONValue.array(Array(repeating: ["op": "copy", "from": "", "path": "/-"], count: 40))
        let failure = #expect(throws: JSONPatch.Failure.self) {
            try JSONPatch(doubling).apply(to: [.string(String(repeating: "x", count: 1000))])
        }
        #expect(failure?.reason == .copiesTooMuch)
        #expect((12...15).contains(failure?.index ?? 0))
    }

    @Test(arguments: ["copy", "add"]) func `a patch cannot nest a document without end`(op: String) throws {
        let pointer = String(repeating: "/a", count: 250)
        var document: JSONValue = [:]
        for _ in 0..<250 { document = ["a": document] }
        let nested: JSONValue = [[[[[1]]]]]
        document = try JSONPatch([["op": "add", "path": "/n", "value": nested]]).apply(to: document)
        let operation: JSONObject = ["op": .string(op), "from": "/n", "value": nested, "path": .string(pointer + "/b")]
        #expect(try JSONPatch([.object(operation)]).apply(to: document)["n"] == nested)
        var deeper = operation
        deeper["path"] = .string(pointer + "/b/0/0")
        let failure = #expect(throws: JSONPatch.Failure.self) {
            try JSONPatch([.object(operation), .object(deeper)]).apply(to: document)
        }
        guard case .tooDeep = failure?.reason else { return #expect(failure?.reason == .tooDeep(path: JSONPointer())) }
    }
}
