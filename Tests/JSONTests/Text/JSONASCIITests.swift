import JSON
import Testing

@Suite struct `Text in ASCII over several lines` {
    @Test func `is what Python writes`() {
        let value: JSONValue = [
            "b": [1, 2.5, 1e-7, 1e300, .null, true], "a": [:], "ü": "é☃𝒳\u{7f}\u{1}\n\"\\/", "c": [], "d": ["x": [[]]],
        ]
        let text = """
            {
              "a": {},
              "b": [
                1,
                2.5,
                1e-07,
                1e+300,
                null,
                true
              ],
              "c": [],
              "d": {
                "x": [
                  []
                ]
              },
              "\\u00fc": "\\u00e9\\u2603\\ud835\\udcb3\\u007f\\u0001\\n\\"\\\\/"
            }
            """
        #expect(String(decoding: value.asciiPrettyBytes(), as: UTF8.self) == text)
    }

    @Test(arguments: [
        ("0", "0"), ("-1", "-1"), ("1.0", "1"), ("0.0001", "0.0001"), ("0.00001", "1e-05"),
        ("1e16", "10000000000000000"),
        ("100000000000000000000", "100000000000000000000"), ("1e25", "1e+25"), ("123456789.125", "123456789.125"),
        ("18446744073709551617", "18446744073709551617"), ("-2.5e-10", "-2.5e-10"),
    ])
    func `has numbers as Python spells them`(given: String, shown: String) throws {
        #expect(try JSONValue(parsing: given).asciiPrettyBytes() == Array(shown.utf8))
    }
}
