import JSON
import StoreTesting
import Testing

struct JSONSchemaFuzzTests {
    @Test(arguments: 1...300 as ClosedRange<UInt64>)
    func `any JSON is a schema or refused, and judges any value`(seed: UInt64) {
        var random = RandomSchema(seed: seed)
        let schema = random.schema(depth: 3)
        do {
            let compiled = try JSONSchema(compiling: schema)
            for _ in 0..<4 {
                let value = random.values.value()
                let problems = compiled.problems(of: value)
                #expect(problems == compiled.problems(of: value), "seed \(seed)")
            }
        } catch {
            #expect(!error.message.isEmpty, "seed \(seed)")
        }
    }

    @Test(arguments: 1...300 as ClosedRange<UInt64>)
    func `a schema and its negation never agree`(seed: UInt64) {
        var random = RandomSchema(seed: seed)
        let schema = random.schema(depth: 2)
        guard schema["$ref"] == nil, let compiled = try? JSONSchema(compiling: schema),
            let negated = try? JSONSchema(compiling: ["not": schema]),
            let both = try? JSONSchema(compiling: ["allOf": [schema, schema], "anyOf": [schema, false]])
        else { return }
        for _ in 0..<4 {
            let value = random.values.value()
            #expect(compiled.accepts(value) != negated.accepts(value), "seed \(seed)")
            #expect(compiled.accepts(value) == both.accepts(value), "seed \(seed)")
        }
    }
}

/// Random schemas, mostly sound.
private struct RandomSchema {
    var values: RandomJSON

    init(seed: UInt64) { values = RandomJSON(seed: seed) }

    mutating func schema(depth: Int) -> JSONValue {
        if values.generator.oneIn(12) { return .bool(Bool.random(using: &values.generator)) }
        var members = JSONObject()
        for _ in 0..<Int.random(in: 0...3, using: &values.generator) {
            let (keyword, value) = member(depth: depth)
            members[keyword] = values.generator.oneIn(25) ? values.value(depth: 1) : value
        }
        return .object(members)
    }

    private mutating func member(depth: Int) -> (String, JSONValue) {
        let generator = values.generator.next() % (depth > 0 ? 17 : 9)
        switch generator {
        case 0:
            return ("type", .string(values.generator.pick(["string", "number", "object", "array", "integer", "null"])))
        case 1: return ("enum", .array(Array(Set((0..<3).map { _ in values.value(depth: 1) }))))
        case 2: return (values.generator.pick(["minimum", "maximum", "exclusiveMinimum"]), .number(values.number()))
        case 3:
            return (
                values.generator.pick(["minLength", "maxItems", "minItems", "maxProperties"]),
                .number(JSONNumber(Int(seedling())))
            )
        case 4: return ("pattern", .string(values.generator.pick(["a", "^[a-c]*$", "(", "b+|c", "\\pL"])))
        case 5: return ("required", .array([.string(values.string())]))
        case 6:
            return (
                "format", .string(values.generator.pick(["date-time", "email", "uri", "ipv6", "hostname", "regex"]))
            )
        case 7: return ("uniqueItems", true)
        case 8: return ("const", values.value(depth: 1))
        case 9:
            return ("properties", .object(JSONObject((0..<3).map { _ in (values.string(), schema(depth: depth - 1)) })))
        case 10: return ("patternProperties", .object(["a": schema(depth: depth - 1), "^b": schema(depth: depth - 1)]))
        case 11:
            return (
                values.generator.pick(["items", "additionalProperties", "contains", "not", "if", "propertyNames"]),
                schema(depth: depth - 1)
            )
        case 12, 13:
            return (
                values.generator.pick(["allOf", "anyOf", "oneOf", "items"]),
                [schema(depth: depth - 1), schema(depth: depth - 1)]
            )
        case 14: return ("dependencies", .object([values.string(): schema(depth: depth - 1)]))
        case 15: return ("definitions", .object(["a": schema(depth: depth - 1)]))
        default:
            return (
                "$ref", .string(values.generator.pick(["#", "#/definitions/a", "#/properties/a", "#x", "x.json", "%"]))
            )
        }
    }

    private mutating func seedling() -> UInt64 { values.generator.next() % 4 }
}
