import Basics
import Content
import JSON
import StoreTesting
import Testing

@testable import Client
@testable import Commands

@Suite struct OutputTests {
    private static let object: JSONValue = [
        "Name": "web-1", "Params": ["a/b": 1, "list": ["x", ["y": true]]], "Profiles": ["one", "two"],
    ]

    @Test(
        arguments: [
            ("{.Name}", "web-1"), (".Name", "web-1"), ("Name", "web-1"), ("{.Params[\"a/b\"]}", "1"),
            ("{.Params['a/b']}", "1"), ("{.Profiles[*]}", "one two"), ("{.Profiles[-1]}", "two"),
            ("{.Profiles[7]}", ""), ("{.Nothing.at.all}", ""), ("{$.Params.list[1].y}", "true"),
            ("name: {.Name}{\"\\n\"}{.Profiles[0]}", "name: web-1\none"), ("{.Params.list}", "[\"x\",{\"y\":true}]"),
        ])
    func `templates find members, elements and all of them`(template: String, found: String) throws {
        #expect(try JSONPathTemplate(template).text(of: Self.object) == found)
    }

    @Test(arguments: ["{.Name", "{.a[}", "{.a[x]}", "{.a\"}", "{\"open}", "{[}"])
    func `a wrong template says where it is wrong`(template: String) {
        let error = #expect(throws: ClientError.self) { _ = try JSONPathTemplate(template) }
        #expect(error?.message.contains("character") == true)
    }

    @Test func `YAML reads back as the same value`() async throws {
        let texts = [
            "", "yes", "12", "1e3", "a: b", "# c", "two\nlines\n", "- x", "null", "ü", " x ", "'", "a #b", "0x1f",
            "2026-01-01",
        ]
        let value = JSONValue.object([
            "texts": .array(texts.map { .string($0) }), "n": 1.5, "t": true, "z": .null, "o": ["k/é": [:], "e": []],
        ])
        let folder = TemporaryDirectory()
        let path = folder.path + "/value.yaml"
        try await BlockingPool.shared.run { try PrivateFile(path).write(YAMLText.text(of: value)) }
        #expect(try await InputDocument(reading: path).value() == value)
    }

    @Test func `a table gives way in its widest column and keeps its lines whole`() {
        var table = Table(["Name", "Description"])
        table.add(["a", String(repeating: "x", count: 100)])
        table.add(["b\u{1B}[31m", "two\nlines"])
        let lines = table.text(table.widths(limit: 40), hasHeadings: true).split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines.allSatisfy { $0.count <= 40 })
        #expect(lines[2].hasPrefix("b[31m"))
    }

    @Test func `assignments follow the kinds of fields`() throws {
        let type = try #require(
            TypeDescription([
                "name": "machines", "key": "Uuid",
                "fields": [
                    ["name": "Name", "kind": "string"], ["name": "Runnable", "kind": "boolean"],
                    ["name": "Profiles", "kind": "list"], ["name": "Meta", "kind": "map"],
                    ["name": "Params", "kind": "map"], ["name": "Errors", "kind": "list", "serverSet": true],
                ],
            ]))
        func set(_ texts: String...) throws -> JSONObject {
            var object: JSONObject = [:]
            for text in texts { try FieldAssignment(text, of: type).set(in: &object) }
            return object
        }
        #expect(try set("name=12")["Name"] == "12")
        #expect(try set("Runnable=false", "Profiles=a,b") == ["Runnable": false, "Profiles": ["a", "b"]])
        #expect(try set("Meta.rack=4", "Params.a.b/c=[1]") == ["Meta": ["rack": "4"], "Params": ["a.b/c": [1]]])
        for wrong in ["Nmae=x", "Runnable=maybe", "Errors=x", "=x", "Name", "Meta=3x"] {
            #expect(throws: ClientError.self, "\(wrong)") { try FieldAssignment(wrong, of: type) }
        }
    }
}
