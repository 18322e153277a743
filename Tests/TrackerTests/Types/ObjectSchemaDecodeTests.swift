import JSON
import StoreTesting
import Testing

@testable import Tracker

/// The simple way: look for the field that each key means, exact names first, and fill in what is absent.
private struct AdmitModel {
    let schema: ObjectSchema

    func admit(_ input: JSONObject) throws(FieldTypeError) -> JSONObject {
        var values: [String: JSONValue] = [:]
        var exact: Set<String> = []
        var result = JSONObject()
        for (key, value) in input {
            let field =
                schema.fields.first { $0.name == key }
                ?? schema.fields.first { $0.name.lowercased() == key.lowercased() }
            guard let field else {
                if schema.isOpen { result[key] = value }
                continue
            }
            if exact.contains(field.name) { continue }
            if field.name == key { exact.insert(key) }
            values[field.name] = try field.shape.decode(value, at: schema.name + "." + field.name)
        }
        for field in schema.fields { result[field.name] = field.filled(values[field.name]) }
        return result
    }

    func admitNew(_ input: JSONObject) throws(FieldTypeError) -> JSONObject {
        var result = try admit(input)
        for field in schema.fields where field.isServerSet { result[field.name] = field.filled(nil) }
        return result
    }
}

@Suite("Admitting an object") struct ObjectSchemaDecodeTests {
    private static let inner = ObjectSchema("Inner", [Field("A", .string), Field("b", .integer, omitsEmpty: true)])

    private static func schema(isOpen: Bool) -> ObjectSchema {
        ObjectSchema(
            "Outer",
            Field.common + [
                Field("Name", .string), Field("NameOfAll", .string, initial: "none"), Field("name2", .bytes),
                Field("Address", .address), Field("Time", .time), Field("Count", .integer), Field("Small", .byte),
                Field("Arch", .string, initial: "amd64"), Field("Lists", .list(.list(.string))),
                Field("Texts", .list(.string), omitsEmpty: true), Field("Any", .any), Field("Params", .map(.any)),
                Field("Map", .map(.uuid)), Field("Inner", .record(inner)), Field("Made", .uuid, isServerSet: true),
                Field("Gone", .integer, isServerSet: true, omitsEmpty: true),
            ], isOpen: isOpen)
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `gives and refuses the same as looking up each key`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let schema = Self.schema(isOpen: seed.isMultiple(of: 2))
        let model = AdmitModel(schema: schema)
        for _ in 0..<200 {
            let input = Self.input(for: schema, &random)
            let text = JSONValue.object(input).canonicalText
            #expect(
                Result { () throws(FieldTypeError) in try schema.decode(input) }
                    == Result { () throws(FieldTypeError) in try model.admit(input) }, "seed \(seed): \(text)")
            #expect(
                Result { () throws(FieldTypeError) in try schema.decodeNew(input) }
                    == Result { () throws(FieldTypeError) in try model.admitNew(input) }, "seed \(seed): \(text)")
        }
    }

    @Test func `lets a field that depends on others follow them before the server's are set`() throws {
        let schema = ObjectSchema(
            "R", [Field("A", .string), Field("B", .string, isServerSet: true), Field("C", .string)]
        ) {
            $0["C"] = $0["B"]
        }
        #expect(try schema.decodeNew(["A": "a", "B": "b"]) == ["A": "a", "B": "", "C": "b"])
        #expect(try schema.decode(["b": "b"]) == ["A": "", "B": "b", "C": "b"])
    }

    private static func input(for schema: ObjectSchema, _ random: inout SeededGenerator) -> JSONObject {
        var input = JSONObject()
        for _ in 0..<Int.random(in: 0...8, using: &random) {
            let name = schema.fields.randomElement(using: &random)!.name
            let key =
                switch Int.random(in: 0..<12, using: &random) {
                case 0: name.lowercased()
                case 1: name.uppercased()
                case 2: name + "x"
                default: name
                }
            input[key] = value(for: schema.field(name)?.shape, &random)
        }
        return input
    }

    private static func value(for shape: FieldType?, _ random: inout SeededGenerator) -> JSONValue {
        let others: [JSONValue] = [
            .null, true, 7, 300, 1.5, "", "x", "10.0.0.1", "2020-01-01T00:00:00+01:00", "YQ==", [], ["a"],
            [["a"], .null],
            [:],
            ["A": "a"], ["a": "b", "B": 0],
            ["k": "6F9619FF-8B86-D011-B42D-00C04FC964FF"], ["k": .null],
        ]
        let isWrong = Int.random(in: 0..<4, using: &random) == 0
        let fitting = others.filter { isWrong || shape == nil || (try? shape?.decode($0, at: "")) != nil }
        return fitting.randomElement(using: &random)!
    }
}

extension FieldType {
    /// The canonical form of `value`, with no count of the steps.
    fileprivate func decode(_ value: JSONValue, at path: String) throws(FieldTypeError) -> JSONValue {
        var work = StepBudget(.max)
        return try decode(value, at: path, &work)
    }
}
