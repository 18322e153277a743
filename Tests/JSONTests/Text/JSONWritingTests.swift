import JSON
import Testing

@Suite struct JSONWritingTests {
    @Test func `canonical text escapes only what it must`() {
        let value: JSONValue = [
            "b": "\"\\/\u{0}\u{8}\t\n\u{B}\u{C}\r\u{1F}\u{7F}é\u{2028}<>&", "a": [1.0, .null, true],
        ]
        #expect(
            value.canonicalText
                == "{\"a\":[1,null,true],\"b\":\"\\\"\\\\/\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f\u{7F}é\u{2028}<>&\"}")
    }

    @Test(arguments: 1...30 as ClosedRange<UInt64>)
    func `a text of any size is written as piece by piece`(seed: UInt64) {
        var random = RandomJSON(seed: seed)
        let value = JSONValue.array((0..<random.generator.pick([1, 10, 300])).map { _ in random.value() })
        #expect(value.canonicalText == Self.text(of: value), "seed \(seed)")
    }

    @Test(arguments: [0, 7, -1, 10, 99, 100, .max, .min, 1 << 40]) func `integers are written in decimal`(value: Int) {
        #expect(JSONValue(value).canonicalText == value.description)
        var writer = JSONWriter(capacity: 1)
        writer.append(decimal: Int64(value))
        writer.append(plain: ";")
        #expect(writer.array() == Array("\(value);".utf8))
    }

    private static func text(of value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool(let flag): flag ? "true" : "false"
        case .number(let number): number.text
        case .string(let text): "\"" + text.unicodeScalars.map { escaped($0) }.joined() + "\""
        case .array(let values): "[" + values.map { text(of: $0) }.joined(separator: ",") + "]"
        case .object(let object):
            "{" + object.map { text(of: .string($0.key)) + ":" + text(of: $0.value) }.joined(separator: ",") + "}"
        }
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        let short: [Unicode.Scalar: String] = [
            "\"": "\\\"", "\\": "\\\\", "\u{8}": "\\b", "\t": "\\t", "\n": "\\n", "\u{C}": "\\f", "\r": "\\r",
        ]
        if let escape = short[scalar] { return escape }
        guard scalar.value < 0x20 else { return String(scalar) }
        return "\\u00" + (scalar.value < 0x10 ? "0" : "") + String(scalar.value, radix: 16)
    }

    @Test func `writing appends`() {
        var output = Array("x".utf8)
        (["a", 1] as JSONValue).write(into: &output)
        #expect(output == Array("x[\"a\",1]".utf8))
    }

    @Test func `pretty text puts one member on a line and keeps empty containers short`() {
        let value: JSONValue = ["b": [1, ["c": "x"]], "a": [:], "d": []]
        #expect(
            value.prettyText() == """
                {
                  "a": {},
                  "b": [
                    1,
                    {
                      "c": "x"
                    }
                  ],
                  "d": []
                }
                """)
        #expect(([1] as JSONValue).prettyText(indent: 0) == "[\n1\n]")
    }
}
