import JSON
import StoreTesting
import Testing

struct JSONSchemaFormatTests {
    @Test(
        arguments: [
            (
                "date", ["2024-02-29", "1999-12-31"],
                ["2023-02-29", "2024-13-01", "2024-1-1", "2024-01-00", "20240101", "2024-01-01T"]
            ),
            (
                "time", ["00:00:00", "23:59:59Z", "12:00:00.5+01:30"],
                ["24:00:00", "23:59:60", "12:00", "12:00:00.", "12:00:00+1"]
            ),
            (
                "date-time", ["2024-01-01T00:00:00Z", "2024-01-01T00:00:00.123-07:00", "2024-01-01", "10:00:00"],
                ["2024-01-01T00:00:00", "2024-01-01 00:00:00Z", "now", "2024-01-01T00:00:00+24:00"]
            ),
            (
                "hostname", ["a", "node-1.example.com", "1.2"],
                ["", "-a", "a-", "a..b", "a_b", "é", String(repeating: "a", count: 64)]
            ),
            (
                "email",
                ["a@b", "fred.j+x@example.com", "Fred <fred@example.com>", "\"a b\"@x.org", "<a@b>", "a@[1.2.3.4]"],
                ["", "a", "a@", "@b", "a@b@c", "a b@c", ".a@b", "a.@b", "Fred fred@x", "a@b c", "<a@b"]
            ),
            ("ipv4", ["1.2.3.4", "255.255.255.255"], ["1.2.3", "1.2.3.256", "01.2.3.4", "::1", "1.2.3.4\0"]),
            ("ipv6", ["::1", "fe80::1", "::ffff:1.2.3.4"], ["1.2.3.4", "fe80::1%eth0", ":::"]),
            (
                "uri", ["http://example.com/a?b#c", "urn:uuid:1", "mailto:a@b", "http://[::1]:80/"],
                ["", "/a", "a b", "http://a b/", ":x", "http://x:y/", "http://x/%zz", "http://x\\y", "http://[::1/"]
            ),
            ("uri-reference", ["", "/a/b", "a?b=c%20d", "#x", "//host/p"], ["%", "a\\b", "1:2", "\u{7F}"]),
            ("uri-template", ["/a/{b}", "x"], ["/a/{b", "{a{b}}"]),
            (
                "uuid", ["c9196b77-deef-4c8e-8130-299b3e3d9a10"],
                ["c9196b77deef4c8e8130299b3e3d9a10", "c9196b77-deef-4c8e-8130-299b3e3d9a1g", ""]
            ),
            ("regex", ["", "^a+$"], ["(", "a**"]),
            ("json-pointer", ["", "/a/~0~1"], ["a", "/~", "/~2"]),
            ("relative-json-pointer", ["0", "1#", "10/a/b"], ["", "01", "-1", "1a", "#"]),
            ("iri", ["http://é.example/"], ["x"]), ("idn-email", ["é@b"], ["@"]), ("iri-reference", ["é"], ["%"]),
        ] as [(String, [String], [String])])
    func `a format takes the right strings`(name: String, good: [String], bad: [String]) throws {
        let schema = try JSONSchema(compiling: ["format": .string(name)])
        for text in good { #expect(schema.accepts(.string(text)), "\(name): \(text.debugDescription)") }
        for text in bad { #expect(!schema.accepts(.string(text)), "\(name): \(text.debugDescription)") }
    }

    @Test(arguments: 1...300 as ClosedRange<UInt64>)
    func `a number is a multiple of what divides it`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let (divisor, factor) = (
            Int.random(in: 1...999, using: &generator), Int.random(in: 0...9999, using: &generator)
        )
        let rest = Int.random(in: 0..<divisor, using: &generator)
        let scale = Int.random(in: -12...12, using: &generator)
        let schema = try JSONSchema(compiling: ["multipleOf": .number(JSONNumber("\(divisor)e\(scale)")!)])
        let value = JSONNumber("\(divisor * factor + rest)e\(scale)")!
        #expect(schema.accepts(.number(value)) == (rest == 0), "seed \(seed): \(value) and \(divisor)e\(scale)")
    }

    @Test func `long numbers divide exactly`() throws {
        let schema = try JSONSchema(compiling: ["multipleOf": 7])
        // 7 × 12345678901234567890123456789
        #expect(schema.accepts(.number(JSONNumber("86419752308641975230864197523")!)))
        #expect(!schema.accepts(.number(JSONNumber("86419752308641975230864197524")!)))
    }
}
