import JSON
import Testing

struct JSONSchemaCompileTests {
    @Test(
        arguments: [
            (1, "Expected: schema, given: Invalid JSON"),
            (
                ["type": "strnig"],
                "has a primitive type that is NOT VALID -- given: /strnig/ Expected valid values are:"
                    + "[array boolean integer number null object string]"
            ),
            (["type": 1], "Invalid type. Expected: string/array of strings, given: type"),
            (["type": ["string", "string"]], "string type is duplicated"),
            (["$schema": 1], "Invalid type. Expected: string, given: $schema"),
            (["$id": 1], "Invalid type. Expected: string, given: $id"),
            (["title": 1], "Invalid type. Expected: string, given: title"),
            (["$ref": 1], "Invalid type. Expected: string, given: $ref"),
            (["definitions": 1], "Invalid type. Expected: array of schemas, given: definitions"),
            (["properties": []], "Invalid type. Expected: object, given: properties"),
            (["additionalProperties": 1], "Invalid type. Expected: boolean/schema, given: additionalProperties"),
            (["patternProperties": ["(": [:]]], "Invalid regex pattern '('"),
            (["propertyNames": 1], "Invalid type. Expected: schema, given: propertyNames"),
            (["dependencies": ["a": [1]]], "dependency must be of type schema or array of strings"),
            (["items": [1]], "Invalid type. Expected: schema/array of schemas, given: items"),
            (["additionalItems": 1], "Invalid type. Expected: boolean/schema, given: additionalItems"),
            (["multipleOf": "1"], "Invalid type. Expected: number, given: multipleOf"),
            (["multipleOf": 0], "multipleOf must be strictly greater than 0"),
            (["minimum": "1"], "minimum must be of a number"),
            (["exclusiveMinimum": true], "exclusiveMinimum cannot be used without minimum"),
            (["exclusiveMaximum": "1"], "Invalid type. Expected: boolean/number, given: exclusiveMaximum"),
            (["minLength": 1.5], "minLength must be of an integer"),
            (["maxLength": -1], "maxLength must be greater than or equal to 0"),
            (["minLength": 2, "maxLength": 1], "minLength cannot be greater than maxLength"),
            (["pattern": "("], "pattern must be a valid regex"),
            (["pattern": 1], "pattern must be of a string"),
            (["format": 1], "format must be of type string"),
            (["minProperties": 2, "maxProperties": 1], "minProperties cannot be greater than maxProperties"),
            (["required": "a"], "required must be of an array"),
            (["required": [1]], "required items must be string"),
            (["required": ["a", "a"]], "required items must be unique"),
            (["uniqueItems": 1], "uniqueItems must be of a boolean"),
            (["enum": 1], "enum must be of an array"),
            (["enum": [1, 1.0]], "enum items must be unique"),
            (["oneOf": [:]], "oneOf must be of an array"),
            (["not": 1], "not must be of an object"),
            (["properties": ["a/b": ["minimum": "1"]]], "minimum must be of a number (at /properties/a~1b)"),
            (["$ref": "#/definitions/none"], "$ref `#/definitions/none` leads nowhere"),
            (
                ["$ref": "http://example.com/s"],
                "$ref `http://example.com/s` leads to another document, and none is ever fetched: "
                    + "put the schema into definitions"
            ),
            (["$ref": "%zz"], "$ref `%zz` is no URI reference"),
            (
                ["allOf": [["$ref": "#/properties/a/minimum"]], "properties": ["a": ["minimum": 1]]],
                "Expected: schema, given: Invalid JSON (at /properties/a/minimum)"
            ),
        ] as [(JSONValue, String)])
    func `what is no schema is refused`(schema: JSONValue, message: String) {
        #expect { try JSONSchema(compiling: schema) } throws: { "\($0)" == message }
    }

    @Test(
        arguments: [
            ["$ref": "#"],
            ["allOf": [["$ref": "#"]]],
            [
                "$ref": "#/definitions/a",
                "definitions": [
                    "a": ["anyOf": [["$ref": "#/definitions/b"]]], "b": ["not": ["$ref": "#/definitions/a"]],
                ],
            ],
            ["dependencies": ["x": ["$ref": "#"]]],
        ] as [JSONValue])
    func `a schema that never ends is refused`(schema: JSONValue) {
        #expect { try JSONSchema(compiling: schema) } throws: {
            "\($0)".hasPrefix("The schema refers to itself without end")
        }
    }

    @Test func `a reference leads into definitions and back`() throws {
        let schema = try JSONSchema(compiling: [
            "$ref": "#/definitions/tree",
            "definitions": [
                "tree": [
                    "type": "object",
                    "properties": ["children": ["type": "array", "items": ["$ref": "#/definitions/tree"]]],
                ]
            ],
        ])
        #expect(schema.accepts(["children": [["children": []], [:]]]))
        #expect(
            schema.problems(of: ["children": [["children": [1]]]]).map(\.description)
                == ["children.0.children.0: Invalid type. Expected: object, given: integer"])
    }

    @Test(arguments: [
        "#/definitions/a", "#/definitions/b~1%25", "#name", "http://x.example/root.json#/definitions/a",
        "root.json#/definitions/a",
        "other.json", "sub/inner.json", "#/properties/own",
    ])
    func `a reference is found by pointer, name or URI`(reference: String) throws {
        let string: JSONValue = ["type": "string"]
        let schema: JSONValue = [
            "$id": "http://x.example/root.json",
            "properties": ["v": ["$ref": .string(reference)], "own": string],
            "definitions": [
                "a": string, "b/%": string, "n": ["$id": "#name", "type": "string"],
                "o": ["$id": "other.json", "type": "string"],
                "s": ["$id": "sub/", "definitions": ["i": ["$id": "inner.json", "type": "string"]]],
            ],
        ]
        let compiled = try JSONSchema(compiling: schema)
        #expect(compiled.accepts(["v": "x"]))
        #expect(!compiled.accepts(["v": 1]))
    }

    @Test func `draft 4 names schemas by id, and a property may be called so`() throws {
        let schema = try JSONSchema(compiling: [
            "$schema": "http://json-schema.org/draft-04/schema#", "id": "http://x.example/",
            "properties": ["id": ["$ref": "#i"]], "definitions": ["i": ["id": "#i", "type": "integer"]],
        ])
        #expect(schema.accepts(["id": 1]))
        #expect(!schema.accepts(["id": "x"]))
    }

    @Test func `keywords beside a reference mean nothing`() throws {
        let schema = try JSONSchema(compiling: [
            "properties": ["a": ["$ref": "#/definitions/x", "type": "null"]], "definitions": ["x": [:]],
        ])
        #expect(schema.accepts(["a": 1]))
    }

    @Test func `references to references do not explode`() throws {
        var definitions: JSONObject = ["d0": ["type": "string"]]
        for level in 1...40 {
            let reference: JSONValue = ["$ref": .string("#/definitions/d\(level - 1)")]
            definitions["d\(level)"] = ["allOf": [reference, reference]]
        }
        let schema = try JSONSchema(compiling: ["definitions": .object(definitions), "$ref": "#/definitions/d17"])
        #expect(schema.accepts("x"))
        let worse = try JSONSchema(compiling: ["definitions": .object(definitions), "$ref": "#/definitions/d40"])
        #expect(
            worse.problems(of: "x").map(\.message) == [
                "Internal Error the schema needs more than 1000000 steps or 1000 levels"
            ])
    }

    @Test func `a long chain of references does not overflow the stack`() throws {
        var definitions: JSONObject = ["d0": [:]]
        for level in 1...5000 {
            definitions["d\(level)"] = ["allOf": [["$ref": .string("#/definitions/d\(level - 1)")]]]
        }
        let schema = try JSONSchema(compiling: ["definitions": .object(definitions), "$ref": "#/definitions/d5000"])
        #expect(schema.problems(of: 1).map(\.message).first?.hasPrefix("Internal Error") == true)
    }

    @Test func `deep values do not overflow the stack`() throws {
        var value: JSONValue = []
        for _ in 1..<256 { value = [value] }
        let schema = try JSONSchema(compiling: ["anyOf": [["type": "array", "items": ["$ref": "#"]]]])
        #expect(schema.accepts(value))
    }
}
