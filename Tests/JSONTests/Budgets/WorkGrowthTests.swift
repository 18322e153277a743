import StoreTesting
import Testing

@testable import JSON

/// What clients can have done grows with what they send, and no faster.
@Suite struct WorkGrowthTests {
    /// A patch that has one operation for each number below its size, and the document that it is for.
    struct PatchCase: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let document: @Sendable (Int) -> JSONValue
        let operation: @Sendable (_ number: Int, _ size: Int) -> JSONPatch.Operation

        init(
            _ name: String, _ document: @escaping @Sendable (Int) -> JSONValue,
            _ operation: @escaping @Sendable (_ number: Int, _ size: Int) -> JSONPatch.Operation
        ) {
            (testDescription, self.document, self.operation) = (name, document, operation)
        }
    }

    private static func numbers(_ count: Int) -> JSONValue { .array((0..<count).map { JSONValue($0) }) }

    static let patches = [
        PatchCase("adds members", { _ in ["o": [:]] }) { number, size in
            .add(path: JSONPointer(tokens: ["o", "\(number * 7919 % size)"]), value: 1)
        },
        PatchCase("inserts at the beginning", { _ in ["a": []] }) { number, _ in
            .add(path: JSONPointer(tokens: ["a", "0"]), value: JSONValue(number))
        },
        PatchCase("appends", { _ in ["a": []] }) { number, _ in
            .add(path: JSONPointer(tokens: ["a", "-"]), value: JSONValue(number))
        },
        PatchCase("removes from the beginning", { ["a": numbers($0)] }) { _, _ in
            .remove(path: JSONPointer(tokens: ["a", "0"]))
        },
        PatchCase("replaces elements", { ["a": numbers($0)] }) { number, size in
            .replace(path: JSONPointer(tokens: ["a", "\(number * 7919 % size)"]), value: "x")
        },
        PatchCase("tests elements", { ["a": numbers($0)] }) { number, _ in
            .test(path: JSONPointer(tokens: ["a", "\(number)"]), value: JSONValue(number))
        },
        PatchCase("moves the first element to the end", { ["a": numbers($0), "b": []] }) { _, _ in
            .move(from: JSONPointer(tokens: ["a", "0"]), path: JSONPointer(tokens: ["b", "-"]))
        },
        PatchCase("moves all there and back", { ["a": numbers($0)] }) { number, _ in
            let (here, there) = (JSONPointer(tokens: ["a"]), JSONPointer(tokens: ["b"]))
            return number % 2 == 0 ? .move(from: here, path: there) : .move(from: there, path: here)
        },
        PatchCase("copies elements", { _ in ["a": [1]] }) { _, _ in
            .copy(from: JSONPointer(tokens: ["a", "0"]), path: JSONPointer(tokens: ["a", "-"]))
        },
    ]

    @Test(arguments: patches) func `a patch takes steps in proportion to its operations`(patch: PatchCase) throws {
        let growth = try StepGrowth.perDoubling(of: 1000) { size in
            var work = StepBudget(JSONPatch.maxSteps)
            let operations = (0..<size).map { patch.operation($0, size) }
            _ = try JSONPatch(operations: operations).apply(to: patch.document(size), within: &work)
            return work.steps
        }
        #expect(growth <= StepGrowth.limit)
    }

    @Test(arguments: ["needle", "(a|b)*c", "(?i)x.{3,90}y", "^a*$", #"\bq\b"#, "[^b]{40}z"])
    func `a pattern takes steps in proportion to the text`(pattern: String) throws {
        let regex = try LinearRegex(pattern)
        let growth = StepGrowth.perDoubling(of: 2000) { size in
            var work = StepBudget(.max)
            _ = regex.matches(String(repeating: "a", count: size), within: &work)
            return work.steps
        }
        #expect(growth <= StepGrowth.limit)
    }

    @Test func `a text takes steps in proportion to the pattern`() throws {
        let growth = try StepGrowth.perDoubling(of: 200) { size in
            var work = StepBudget(.max)
            let regex = try LinearRegex("(" + String(repeating: "a?", count: size) + ")+b")
            _ = regex.matches(String(repeating: "a", count: 100), within: &work)
            return work.steps
        }
        #expect(growth <= StepGrowth.limit)
    }

    /// A schema, and a value for it of any size.
    static let schemas: [(JSONValue, @Sendable (Int) -> JSONValue)] = [
        (
            ["items": ["type": "string", "pattern": "^a+b?$"]],
            { size in
                .array(Array(repeating: "aaaaaaaab", count: size))
            }
        ),
        (["uniqueItems": true], { numbers($0) }),
        (["items": ["enum": [1, 2, 3, "four"]]], { .array(Array(repeating: "four", count: $0)) }),
        (["items": ["anyOf": [["type": "string"], ["minimum": 5], ["maximum": 5]]]], { numbers($0) }),
        (
            ["additionalProperties": ["$ref": "#/definitions/x"], "definitions": ["x": ["type": "integer"]]],
            { size in
                .object(JSONObject((0..<size).map { ("k\($0)", JSONValue($0)) }))
            }
        ),
        (["items": ["type": "string"]], { numbers($0) }),
        (
            ["patternProperties": ["^x": false, "9$": true], "propertyNames": ["maxLength": 9]],
            { size in
                .object(JSONObject((0..<size).map { ("k\($0)", JSONValue($0)) }))
            }
        ),
    ]

    @Test(arguments: schemas.indices) func `a schema takes steps in proportion to the value`(index: Int) throws {
        let (schema, value) = Self.schemas[index]
        let compiled = try JSONSchema(compiling: schema)
        let growth = StepGrowth.perDoubling(of: 2000) { size in
            var work = StepBudget(.max)
            _ = compiled.problems(of: value(size), within: &work)
            return work.steps
        }
        #expect(growth <= StepGrowth.limit, "\(schema)")
    }
}
