import StoreTesting
import Testing

@testable import JSON

/// Texts whose objects have keys more than once.
@Suite struct JSONReadingTests {
    @Test(arguments: [
        (#"{"a": 1, "b": 2}"#, #"{"a":1,"b":2}"#, []),
        (#"{"a": 1, "a": 2}"#, #"{"a":2}"#, [#"line 1 column 10: duplicate key "a""#]),
        ("{\"b\": 0,\n \"a\": 1, \"b\": 2,\n \"b\": 3}", #"{"a":1,"b":3}"#, [#"line 2 column 10: duplicate key "b""#]),
        (#"[{"a": {"x": 1, "x": 2}, "a": 3}]"#, #"[{"a":3}]"#, [#"duplicate key "x""#, #"duplicate key "a""#]),
        (
            #"{"a": 1, "\u0061": {"y": 1, "y": [2]}}"#, #"{"a":{"y":[2]}}"#,
            [#"duplicate key "a""#, #"duplicate key "y""#]
        ),
    ])
    func `the last value of a key counts, and each key that is given again is told where it is`(
        text: String, value: String, told: [String]
    ) throws {
        let reading = try JSONReading(parsing: Array(text.utf8))
        #expect(reading.value.canonicalText == value)
        #expect(reading.repeatedCount == told.count)
        for (error, end) in zip(reading.repeatedKeys, told) { #expect(error.message.hasSuffix(end)) }
    }

    @Test(arguments: ["{\"a\": 1, \"a\": }", "{\"a\": 1 \"a\": 2}", "[1,]", "{\"a\": \"\\ud800\"}", ""])
    func `what is no JSON is refused as it is elsewhere`(text: String) {
        let strict = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
        let error = #expect(throws: JSONError.self) { try JSONReading(parsing: Array(text.utf8)) }
        #expect(error == strict)
    }

    @Test func `of very many keys that are given again a few are told and all are counted`() throws {
        let members = (0..<500).map { "\"k\($0)\": 0, \"k\($0)\": \($0)" }.joined(separator: ", ")
        let reading = try JSONReading(parsing: Array("{\(members)}".utf8))
        #expect(reading.repeatedCount == 500 && reading.repeatedKeys.count == 20)
        #expect(reading.value == .object(JSONObject((0..<500).map { ("k\($0)", JSONValue($0)) })))
    }

    @Test(arguments: 1...200 as ClosedRange<UInt64>)
    func `an object with any keys holds the last value of each`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var model: [Int: Int] = [:]
        var parts: [String] = []
        for number in 0..<Int.random(in: 0...40, using: &random) {
            let key = Int.random(in: 0...20, using: &random)
            model[key] = number
            parts.append("\"k\(key)\":\(number)")
        }
        let reading = try JSONReading(parsing: Array("{\(parts.joined(separator: ","))}".utf8))
        #expect(reading.value == .object(JSONObject(model.map { ("k\($0.key)", JSONValue($0.value)) })), "seed \(seed)")
    }
}
