import FuzzTesting
import Testing

@testable import JSON

/// What clients send as JSON, and what is in it: patches, schemas, patterns.
@Suite struct JSONFuzzers {
    static let all = [
        Fuzzer("json") { bytes in
            guard let value = try? JSONValue(parsing: bytes) else { return }
            let text = value.canonicalBytes()
            try FuzzFailure.unless(try JSONValue(parsing: text) == value, "it reads back as another value")
            try FuzzFailure.unless(JSONDocument(value).value() == value, "its document holds another value")
            _ = (value.weight, value.hashValue, value.prettyText(limit: 10_000).utf8.count)
        },
        Fuzzer.text("number") { text in
            guard let number = JSONNumber(text) else { return }
            try FuzzFailure.unless(JSONNumber(number.text) == number, "\(number) reads back as another number")
            for other in ExtremeNumbers.texts.compactMap({ JSONNumber($0) }) {
                try FuzzFailure.unless(
                    [number < other, other < number, number == other].count(where: \.self) == 1,
                    "it has no order with \(other)")
                if other > JSONNumber(0), other.canDivide { _ = number.isMultiple(of: other) }
            }
            _ = (number.messageText, number.intValue, number.doubleValue, number.hashValue)
        },
        Fuzzer(
            "patch", words: ["add", "remove", "replace", "move", "copy", "test", "/-", "/0", "/a/b", "value", "from"]
        ) {
            guard case .object(let input) = try? JSONValue(parsing: $0), let patch = input["patch"] else { return }
            guard let patch = try? JSONPatch(patch) else { return }
            let document = input["document"] ?? .null
            _ = patch.prettyText()
            guard let after = try? patch.apply(to: document) else { return }
            let difference = JSONPatch.diff(from: document, to: after, testing: true)
            try FuzzFailure.unless(try difference.apply(to: document) == after, "its difference does not lead there")
            try FuzzFailure.unless(
                try JSONValue(parsing: after.canonicalBytes()) == after, "its result is not read back")
        },
        Fuzzer("schema", words: schemaWords, rounds: 250) {
            guard case .object(let input) = try? JSONValue(parsing: $0), let schema = input["schema"] else { return }
            guard let compiled = try? JSONSchema(compiling: schema) else { return }
            for value in [input["value"] ?? .null, schema] {
                var work = StepBudget(20_000)
                let problems = compiled.problems(of: value, within: &work)
                try FuzzFailure.unless(
                    problems == compiled.problems(of: value, within: &work) || work.isExhausted, "it is judged twice")
            }
        },
        Fuzzer.text(
            "pattern", words: ["(?i)", "(?P<n>", "[[:alpha:]]", "\\pL", "\\Q", "\\E", "{3,7}", "{,1}", "*?", "\\x{"]
        ) {
            let parts = $0.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard let regex = try? LinearRegex(parts[0]) else { return }
            var work = StepBudget(200_000)
            let isFound = regex.matches(parts.last ?? "", within: &work)
            try FuzzFailure.unless(
                isFound == regex.matches(parts.last ?? "") || work.isExhausted || parts.last!.utf8.count > 1000,
                "a budget that lasts changes what is found")
        },
        Fuzzer.text("format") { text in
            for format in SchemaFormat.allCases { _ = format.accepts(text) }
        },
        Fuzzer.text("pointer") { text in
            guard let pointer = try? JSONPointer(text) else { return }
            try FuzzFailure.unless(try JSONPointer(pointer.description) == pointer, "it reads back as another pointer")
            let document: JSONValue = ["a": [1, ["b": "c"]], "": [:], "~/": 0]
            do { _ = try document.value(at: pointer) } catch { _ = "\(error)" }
        },
    ]

    private static let schemaWords = [
        "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "items", "properties", "patternProperties", "pattern",
        "enum", "const", "multipleOf", "minimum", "maxLength", "uniqueItems", "required", "format", "contains",
        "dependencies", "definitions", "additionalProperties", "propertyNames", "$ref", "#", "#/definitions/a", "$id",
        "$schema", "type", "integer", "string",
    ]

    @Test(arguments: all) func `take whatever they are given`(fuzzer: Fuzzer) async throws { try await fuzzer.run() }
}
