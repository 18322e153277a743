import JSON
import Testing

/// Verdicts and texts, as gojsonschema gives them.
struct JSONSchemaTests {
    /// A schema, a value and the texts of what is wrong with it.
    typealias Case = (schema: JSONValue, value: JSONValue, problems: [String])

    static let types: [Case] = [
        (["type": "string"], [5], ["(root): Invalid type. Expected: string, given: array"]),
        (["type": "integer"], "x", ["(root): Invalid type. Expected: integer, given: string"]),
        (["type": "integer"], 1.5, ["(root): Invalid type. Expected: integer, given: number"]),
        (["type": "integer"], 1.0, []),
        (["type": "string"], 1e2, ["(root): Invalid type. Expected: string, given: integer"]),
        (["type": "number"], 1, []),
        (["type": ["string", "null"]], .null, []),
        (["type": ["string", "null"]], true, ["(root): Invalid type. Expected: [string,null], given: boolean"]),
        (["type": "object"], .null, ["(root): Invalid type. Expected: object, given: null"]),
        (["type": "boolean"], [:], ["(root): Invalid type. Expected: boolean, given: object"]),
        (["type": []], 1, []),
        ([:], .null, []),
        (true, 1, []),
        (false, 1, ["(root): Must not validate the schema (not)"]),
        (["enum": ["a", "b", 1, .null]], "a", []),
        (["enum": ["a", "b"]], "c", [#"(root): (root) must be one of the following: "a", "b""#]),
        (
            ["properties": ["x": ["enum": ["a", ["k": 1]]]]], ["x": 1],
            [#"x: x must be one of the following: "a", {"k":1}"#]
        ),
        (["enum": [1, 2]], 1.0, []),
        (["const": ["a": [1]]], ["a": [1.0]], []),
        (["const": .null], .null, []),
        (["const": "v1"], "v2", [#"(root): (root) does not match: "v1""#]),
    ]

    static let numbers: [Case] = [
        (["minimum": 3], 2, ["(root): Must be greater than or equal to 3"]),
        (["minimum": 3], 3, []),
        (["minimum": 3], "2", []),
        (["maximum": 1.5], 2, ["(root): Must be less than or equal to 1.5"]),
        (["exclusiveMinimum": 3], 3, ["(root): Must be greater than 3"]),
        (["exclusiveMaximum": 3], 3, ["(root): Must be less than 3"]),
        (["exclusiveMaximum": 3], 2.9, []),
        (["minimum": 3, "exclusiveMinimum": true], 3, ["(root): Must be greater than 3"]),
        (["minimum": 3, "exclusiveMinimum": false], 3, []),
        (["maximum": 3, "exclusiveMaximum": true], 3, ["(root): Must be less than 3"]),
        (
            ["maximum": 3, "exclusiveMaximum": 2], 4,
            ["(root): Must be less than or equal to 3", "(root): Must be less than 2"]
        ),
        (["multipleOf": 2], 7, ["(root): Must be a multiple of 2"]),
        (["multipleOf": 0.01], 4.35, []),
        (["multipleOf": 0.1], 0.35, ["(root): Must be a multiple of 0.1"]),
        (["minimum": 12345678901], 1, ["(root): Must be greater than or equal to 1.23456789e+10"]),
        (["maximum": 10000000000], 1e11, ["(root): Must be less than or equal to 1e+10"]),
        (["maximum": -0.00001], 1, ["(root): Must be less than or equal to -1e-05"]),
        (["maximum": 0.00012], 1, ["(root): Must be less than or equal to 0.00012"]),
    ]

    static let strings: [Case] = [
        (["minLength": 2], "x", ["(root): String length must be greater than or equal to 2"]),
        (["minLength": 2], "ü1", []),
        (["maxLength": 2], "abc", ["(root): String length must be less than or equal to 2"]),
        (["maxLength": 1], "🦊", []),
        (["maxLength": 1], "e\u{301}", ["(root): String length must be less than or equal to 1"]),
        (["pattern": "^a"], "ba", ["(root): Does not match pattern '^a'"]),
        (["pattern": "a"], "ba", []),
        (["format": "ipv4"], "1.2.3", ["(root): Does not match format 'ipv4'"]),
        (["format": "colour"], "red", []),
        (["format": "ipv4"], 5, []),
    ]

    static let arrays: [Case] = [
        (
            ["items": ["type": "integer"]], [1, "x", 2, .null],
            ["1: Invalid type. Expected: integer, given: string", "3: Invalid type. Expected: integer, given: null"]
        ),
        (
            ["items": [["type": "integer"], ["type": "string"]]], [1, 2, 3],
            ["1: Invalid type. Expected: string, given: integer"]
        ),
        (
            ["items": [["type": "integer"]], "additionalItems": false], [1, 2],
            ["(root): No additional items allowed on array"]
        ),
        (["items": [["type": "integer"]], "additionalItems": false], [1], []),
        (
            ["items": [["type": "integer"]], "additionalItems": ["type": "string"]], [1, 2, "x"],
            ["1: Invalid type. Expected: string, given: integer"]
        ),
        (["items": ["type": "integer"], "additionalItems": false], [1, 2], []),
        (["additionalItems": false], [1], []),
        (["items": false], [], []),
        (["items": false], [1], ["0: Must not validate the schema (not)"]),
        (["minItems": 1], [], ["(root): Array must have at least 1 items"]),
        (["maxItems": 1], [1, 2], ["(root): Array must have at most 1 items"]),
        (
            ["uniqueItems": true], [1, 2, 1.0, 1],
            ["(root): array items[0,2] must be unique", "(root): array items[2,3] must be unique"]
        ),
        (["uniqueItems": true], [1, "1", [1], ["1"]], []),
        (["uniqueItems": false], [1, 1], []),
        (["contains": ["type": "string"]], [1, "x"], []),
        (
            ["contains": ["type": "string"]], [1],
            ["(root): At least one of the items must match", "0: Invalid type. Expected: string, given: integer"]
        ),
        (["contains": ["type": "string"]], [], ["(root): At least one of the items must match"]),
    ]

    static let objects: [Case] = [
        (["required": ["Spotted"]], [:], ["(root): Spotted is required"]),
        (["required": ["a", "b"]], ["b": .null], ["(root): a is required"]),
        (
            ["properties": ["Spotted": ["type": "boolean"]]], ["Spotted": "yes"],
            ["Spotted: Invalid type. Expected: boolean, given: string"]
        ),
        (["properties": ["a": ["items": ["required": ["b"]]]]], ["a": [["b": 1], [:]]], ["a.1: b is required"]),
        (
            ["properties": ["a": [:]], "additionalProperties": false], ["a": 1, "x": 2],
            ["(root): Additional property x is not allowed"]
        ),
        (["additionalProperties": ["type": "string"]], ["x": 2], ["x: Invalid type. Expected: string, given: integer"]),
        (
            ["patternProperties": ["^n": ["type": "number"]]], ["n1": "x", "m": "x"],
            ["n1: Invalid type. Expected: number, given: string"]
        ),
        (
            ["patternProperties": ["^n": [:]], "additionalProperties": false], ["n1": 1, "m": 2],
            ["(root): Additional property m is not allowed"]
        ),
        (["minProperties": 1], [:], ["(root): Must have at least 1 properties"]),
        (["maxProperties": 1], ["a": 1, "b": 2], ["(root): Must have at most 1 properties"]),
        (
            ["propertyNames": ["maxLength": 1]], ["ab": 1],
            [#"(root): Property name of "ab" does not match"#, "(root): String length must be less than or equal to 1"]
        ),
        (["dependencies": ["a": ["b", "c"]]], ["a": 1, "b": 1], ["(root): Has a dependency on c"]),
        (["dependencies": ["a": ["required": ["z"]]]], ["a": 1], ["(root): z is required"]),
        (["dependencies": ["a": ["b"]]], ["b": 1], []),
        (["required": ["a"], "properties": ["a": false]], [1], []),
    ]

    static let combinations: [Case] = [
        (
            ["allOf": [["type": "string"], ["minLength": 2]]], "x",
            [
                "(root): String length must be greater than or equal to 2",
                "(root): Must validate all the schemas (allOf)",
            ]
        ),
        (["anyOf": [["type": "string"], ["minimum": 3]]], 5, []),
        (
            ["anyOf": [["type": "string"], ["minimum": 3]]], 2,
            ["(root): Must validate at least one schema (anyOf)", "(root): Must be greater than or equal to 3"]
        ),
        (["oneOf": [["type": "string"], ["minimum": 3]]], 5, []),
        (["oneOf": [["minimum": 1], ["minimum": 3]]], 5, ["(root): Must validate one and only one schema (oneOf)"]),
        (
            ["oneOf": [["required": ["k", "a"]], ["required": ["k", "b", "c"]]]], ["k": 1],
            ["(root): Must validate one and only one schema (oneOf)", "(root): a is required"]
        ),
        (["not": ["type": "string"]], "x", ["(root): Must not validate the schema (not)"]),
        (["not": ["type": "string"]], 1, []),
        (
            ["if": ["minimum": 10], "then": ["multipleOf": 10], "else": ["maximum": 5]], 15,
            [#"(root): Must validate "then" as "if" was valid"#, "(root): Must be a multiple of 10"]
        ),
        (
            ["if": ["minimum": 10], "then": ["multipleOf": 10], "else": ["maximum": 5]], 7,
            [#"(root): Must validate "else" as "if" was not valid"#, "(root): Must be less than or equal to 5"]
        ),
        (["if": ["minimum": 10], "then": ["multipleOf": 10], "else": ["maximum": 5]], 20, []),
        (["then": false, "else": false], 1, []),
    ]

    @Test(arguments: types + numbers + strings + arrays + objects + combinations)
    func `a value gets the problems it deserves`(schema: JSONValue, value: JSONValue, problems: [String]) throws {
        #expect(try JSONSchema(compiling: schema).problems(of: value).map(\.description) == problems)
    }

    @Test func `a problem tells place and message apart`() throws {
        let schema = try JSONSchema(compiling: ["properties": ["a": ["items": ["type": "string"]]]])
        let problem = try #require(schema.problems(of: ["a": [1]]).first)
        #expect(problem.context == "(root).a.0")
        #expect(problem.field == "a.0")
        #expect(problem.message == "Invalid type. Expected: string, given: integer")
        #expect(schema.accepts(["a": ["x"]]))
    }

    @Test func `each draft knows its own keywords`() throws {
        func problems(_ draft: String, _ schema: JSONObject, _ value: JSONValue) throws -> Int {
            let named: JSONObject = ["$schema": .string("http://json-schema.org/draft-\(draft)/schema#")]
            return try JSONSchema(compiling: .object(schema.merging(named) { old, _ in old })).problems(of: value).count
        }
        #expect(try problems("04", ["const": 1], 2) == 0)
        #expect(try problems("06", ["const": 1], 2) == 1)
        #expect(try problems("06", ["if": true, "then": false], 2) == 0)
        #expect(try problems("07", ["if": true, "then": false], 2) == 2)
        #expect(try problems("04", ["minimum": 2, "exclusiveMinimum": true], 2) == 1)
        #expect(throws: JSONSchema.CompileError.self) { try problems("04", ["exclusiveMinimum": 2], 2) }
        #expect(throws: JSONSchema.CompileError.self) {
            try problems("07", ["minimum": 2, "exclusiveMinimum": true], 2)
        }
        #expect(throws: JSONSchema.CompileError.self) { try problems("04", ["not": true], 2) }
    }
}
