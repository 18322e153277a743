import JSON
import Testing

@Suite struct JSONParserTests {
    static let valid: [(String, JSONValue)] = [
        ("null", .null), ("true", true), ("false", false), ("0", 0), ("-12", -12), ("1.5e1", 15), ("\"\"", ""),
        (" \t\r\n[ ] ", []), ("{ }", [:]), ("[1,[2,[3]], {\"a\":[]}]", [1, [2, [3]], ["a": []]]),
        ("{\"b\":1,\"a\":{\"\":null}}", ["a": ["": .null], "b": 1]),
        (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0041\u00e9\u20AC\uD83E\udd8a""#, "Aé€🦊"),
        (#""\u0000\u001f""#, "\u{0}\u{1F}"), ("\"é\u{2028}\u{7F}🦊\"", "é\u{2028}\u{7F}🦊"),
        ("\"12345678901234567890\\n2345678901234567890\"", "12345678901234567890\n2345678901234567890"),
        (#"{"a\u0062":1,"b":2}"#, ["ab": 1, "b": 2]), ("{\"é\":1,\"e\u{301}\":2}", ["é": 1, "e\u{301}": 2]),
        ("[1E2,1e+2,-0]", [100, 100, 0]), ("\u{20}1\u{20}", 1),
    ]

    @Test(arguments: valid)
    func `valid text becomes its value`(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == value)
        #expect(try JSONValue(parsing: Array(text.utf8)) == value)
        #expect(try JSONValue(parsing: Array("xx\(text)y".utf8)[2..<text.utf8.count + 2]) == value)
    }

    static let invalid: [(String, JSONError.Code, Int)] = [
        ("", .unexpectedEnd, 0), ("  ", .unexpectedEnd, 2), ("nul", .unexpectedEnd, 3),
        ("nulL", .unexpectedCharacter, 3),
        ("True", .unexpectedCharacter, 0), ("NaN", .unexpectedCharacter, 0), ("Infinity", .unexpectedCharacter, 0),
        ("'a'", .unexpectedCharacter, 0), ("\u{FEFF}1", .unexpectedCharacter, 0), ("/**/1", .unexpectedCharacter, 0),
        ("1 2", .trailingCharacters, 2), ("{}}", .trailingCharacters, 2), ("nullx", .trailingCharacters, 4),
        ("\u{C}1", .unexpectedCharacter, 0), ("1\u{0}", .trailingCharacters, 1),
        ("01", .invalidNumber, 0), ("-", .invalidNumber, 0), ("[1.]", .invalidNumber, 1), ("[-a]", .invalidNumber, 1),
        ("1e", .invalidNumber, 0), ("[1e999]", .invalidNumber, 1), ("+1", .unexpectedCharacter, 0),
        (".5", .unexpectedCharacter, 0), ("0x10", .trailingCharacters, 1), ("-Infinity", .invalidNumber, 0),
        ("[", .unexpectedEnd, 1), ("[1", .unexpectedEnd, 2), ("[1,", .unexpectedEnd, 3),
        ("[1,]", .unexpectedCharacter, 3),
        ("[,1]", .unexpectedCharacter, 1), ("[1 2]", .unexpectedCharacter, 3), ("[1}", .unexpectedCharacter, 2),
        ("{", .unexpectedEnd, 1), ("{\"a\"", .unexpectedEnd, 4), ("{\"a\":", .unexpectedEnd, 5),
        ("{\"a\" 1}", .unexpectedCharacter, 5), ("{\"a\":1,}", .unexpectedCharacter, 7),
        ("{a:1}", .unexpectedCharacter, 1),
        ("{1:1}", .unexpectedCharacter, 1), ("{\"a\":1]", .unexpectedCharacter, 6), ("{,}", .unexpectedCharacter, 1),
        ("\"", .unexpectedEnd, 1), ("\"abcdefghi", .unexpectedEnd, 10), ("\"a\\", .unexpectedEnd, 3),
        ("\"a\nb\"", .unexpectedCharacter, 2), ("\"\u{0}\"", .unexpectedCharacter, 1),
        ("\"abcdefgh\u{1F}\"", .unexpectedCharacter, 9),
        (#""\x""#, .invalidEscape, 1), (#""a\u12g4""#, .invalidEscape, 2), (#""\u12"#, .invalidEscape, 1),
        (#""\ud800""#, .invalidEscape, 1), (#""\udc00""#, .invalidEscape, 1), (#""\ud800\ud800""#, .invalidEscape, 1),
        (#""\ud800x""#, .invalidEscape, 1), (#""\ud800\n""#, .invalidEscape, 1), ("\"\\u１234\"", .invalidEscape, 1),
        (#"{"a":1,"a":1}"#, .duplicateKey, 7), (#"{"b":1,"a":{"b":1},"b":2}"#, .duplicateKey, 19),
        (#"{"a":1,"\u0061":2}"#, .duplicateKey, 7), (#"[{"":0,"z":1,"":0}]"#, .duplicateKey, 13),
    ]

    @Test(arguments: invalid)
    func `invalid text is refused at the right place`(text: String, code: JSONError.Code, offset: Int) {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
        #expect(error?.code == code)
        #expect(error?.offset == offset)
    }

    static let brokenUTF8: [([UInt8], Int)] = [
        ([0x80], 0), ([0x61, 0xC3], 1), ([0x61, 0xC3, 0x28], 1), ([0xC0, 0x80], 0), ([0xE2, 0x82], 0),
        ([0xED, 0xA0, 0x80], 0),
        ([0xC3, 0xA9, 0xF5, 0x80, 0x80, 0x80], 2), ([0xF4, 0x90, 0x80, 0x80], 0), ([0xFF], 0),
    ]

    @Test(arguments: brokenUTF8)
    func `invalid UTF-8 is refused in keys and strings, with and without escapes`(bytes: [UInt8], offset: Int) {
        let quote = UInt8(ascii: "\"")
        for prefix in ["[\"", "{\"", "[\"\\n"] {
            let text = Array(prefix.utf8) + bytes + [quote]
            let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
            #expect(error?.code == .invalidUTF8)
            #expect(error?.offset == prefix.utf8.count + offset)
        }
    }

    @Test func `messages say what is wrong and where`() {
        let examples = [
            ("{\n \"é\": 1,\n  \"Name\": 1, \"Name\": 2}", "line 3 column 14: duplicate key \"Name\""),
            ("[1 2]", "line 1 column 4: unexpected character \"2\", expected \",\" or \"]\""),
            ("\"é\" €", "line 1 column 5: unexpected character \"€\" after the end of the value"),
            ("[", "line 1 column 2: the text ends too early, expected a value"),
            (
                "\"a\u{1}\"",
                "line 1 column 3: unexpected control character U+0001, expected an escape such as \\n in its place"
            ),
            ("[012]", "line 1 column 2: invalid number 012"),
            ("\"\\ud800zz\"", "line 1 column 2: invalid escape \\ud800"),
        ]
        for (text, message) in examples {
            let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
            #expect(error?.message == message)
            #expect(error?.description == message)
        }
    }

    @Test(arguments: ["[", "{\"a\":", "[{\"a\":["])
    func `nesting of 100,000 levels is an error, not a crash`(opening: String) {
        let text = String(repeating: opening, count: 100_000)
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
        #expect(error?.code == .tooDeep)
    }

    @Test func `the depth limit is exact`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try JSONValue(parsing: nested(256))
        #expect(throws: JSONError.self) { try JSONValue(parsing: nested(257)) }
        _ = try JSONValue(parsing: "1", limits: JSONLimits(maxDepth: 0))
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: "[[1]]", limits: JSONLimits(maxDepth: 1)) }
        #expect(error?.message == "line 1 column 2: nested deeper than 1 levels")
    }

    @Test func `the length limit is exact`() throws {
        _ = try JSONValue(parsing: "[1]", limits: JSONLimits(maxBytes: 3))
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: "[1] ", limits: JSONLimits(maxBytes: 3)) }
        #expect(error?.code == .tooLong)
        #expect(error?.message == "line 1 column 4: a text of 4 bytes, longer than the limit of 3")
    }
}
