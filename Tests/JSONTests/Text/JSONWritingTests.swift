import JSON
import Testing

@Suite struct JSONWritingTests {
    @Test func `canonical text escapes only what it must`() {
        let value: JSONValue = ["b": "\"\\/\u{0}\u{8}\t\n\u{B}\u{C}\r\u{1F}\u{7F}é\u{2028}<>&", "a": [1.0, nil, true]]
        #expect(
            value.canonicalText
                == "{\"a\":[1,null,true],\"b\":\"\\\"\\\\/\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f\u{7F}é\u{2028}<>&\"}")
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
