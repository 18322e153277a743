import Templates
import Testing

/// What a number literal is under each type; nil where it is not of that type.
struct NumberLiteral: CustomTestStringConvertible {
    let literal: String
    let int: Int64?
    let uint: UInt64?
    let float: Double?

    init(_ literal: String, int: Int64? = nil, uint: UInt64? = nil, float: Double? = nil) {
        self.literal = literal
        self.int = int
        self.uint = uint
        self.float = float
    }

    /// A literal that is all three.
    init(_ literal: String, all value: Int64) {
        self.init(literal, int: value, uint: UInt64(value), float: Double(value))
    }

    var testDescription: String { literal }
}

@Suite struct LiteralTests {
    private func term(_ literal: String) throws -> Pipeline.Term {
        let root = try parse("{{\(literal)}}").root
        guard case .action(let pipeline) = try #require(root.first) else {
            throw TemplateError(name: "t", line: 1, message: "not an action")
        }
        return pipeline.commands[0].operands[0].term
    }

    private func number(_ literal: String) throws -> Pipeline.Number {
        guard case .number(let number) = try term(literal) else {
            throw TemplateError(name: "t", line: 1, message: "not a number")
        }
        #expect(number.literal == literal)
        return number
    }

    @Test(arguments: [
        NumberLiteral("0", all: 0), NumberLiteral("-0", all: 0), NumberLiteral("73", all: 73),
        NumberLiteral("7_3", all: 73), NumberLiteral("0_7", all: 7), NumberLiteral("073", all: 59),
        NumberLiteral("0o73", all: 59), NumberLiteral("0O73", all: 59), NumberLiteral("0b10_01", all: 9),
        NumberLiteral("0X7f", all: 127), NumberLiteral("0x_7F", all: 127), NumberLiteral("0xef", all: 239),
        NumberLiteral("-73", int: -73, float: -73), NumberLiteral("+73", int: 73, float: 73),
        NumberLiteral("-0x10", int: -16, float: -16),
        NumberLiteral("9223372036854775807", all: .max),
        NumberLiteral("-9223372036854775808", int: .min, float: -9_223_372_036_854_775_808),
        NumberLiteral("18446744073709551615", uint: .max, float: 0x1p64),
        NumberLiteral("1e9", all: 1_000_000_000), NumberLiteral("1e1_9", uint: 10_000_000_000_000_000_000, float: 1e19),
        NumberLiteral("-1e19", float: -1e19), NumberLiteral("1.", all: 1), NumberLiteral(".5", float: 0.5),
        NumberLiteral("-1.25E-2", float: -0.0125), NumberLiteral("0x1p4", all: 16),
        NumberLiteral("0X_1P-4", float: 0.0625),
        NumberLiteral("00.5", float: 0.5),
        NumberLiteral("'a'", all: 97), NumberLiteral("'パ'", all: 0x30D1), NumberLiteral(#"'\n'"#, all: 10),
        NumberLiteral(#"'\''"#, all: 39), NumberLiteral(#"'\xFF'"#, all: 255), NumberLiteral(#"'\101'"#, all: 65),
        NumberLiteral(#"'\u30d1'"#, all: 0x30D1), NumberLiteral(#"'\U0001F600'"#, all: 0x1F600),
    ])
    func `numbers have the values of Go`(expected: NumberLiteral) throws {
        let number = try number(expected.literal)
        #expect(number.int == expected.int)
        #expect(number.uint == expected.uint)
        #expect(number.float == expected.float)
        #expect(number.complex == nil)
    }

    @Test func `imaginary numbers are complex`() throws {
        #expect(try number("4i").complex?.imaginary == 4)
        #expect(try number("073i").complex?.imaginary == 73)
        #expect(try number("4i").float == nil)
        let sum = try number("-1.5e1+4.25i")
        #expect(sum.complex?.real == -15)
        #expect(sum.complex?.imaginary == 4.25)
        let real = try number("13+0i")
        #expect(real.complex?.real == 13)
        #expect(real.int == 13)
        #expect(real.uint == 13)
        #expect(real.float == 13)
    }

    @Test(arguments: [
        ("+", #"illegal number syntax: "+""#),
        ("+-2", #"bad number syntax: "+-2""#),
        ("3+2", #"bad number syntax: "3+2""#),
        ("3k", #"bad number syntax: "3k""#),
        ("0x123.", #"illegal number syntax: "0x123.""#),
        ("0xi", #"illegal number syntax: "0xi""#),
        ("0x", #"illegal number syntax: "0x""#),
        ("1.E", #"illegal number syntax: "1.E""#),
        ("1__2", #"illegal number syntax: "1__2""#),
        ("1_", #"illegal number syntax: "1_""#),
        ("1e999", #"illegal number syntax: "1e999""#),
        ("0xe+1i", #"illegal number syntax: "0xe+1i""#),
        ("089", #"integer overflow: "089""#),
        ("18446744073709551616", #"integer overflow: "18446744073709551616""#),
        ("''", "invalid syntax"),
        ("'xx'", "malformed character constant: 'xx'"),
        (#"'\"'"#, "invalid syntax"),
        (#"'\400'"#, "invalid syntax"),
    ])
    func `wrong numbers are told`(literal: String, message: String) {
        #expect(failure(of: "{{\(literal)}}") == "template: t:1: \(message)")
    }

    @Test(arguments: [
        (#""""#, ""), (#""a b""#, "a b"), (#""\a\b\f\n\r\t\v\\\"""#, "\u{7}\u{8}\u{C}\n\r\t\u{B}\\\""),
        (#""\x41\102\u0043\U00000044""#, "ABCD"), (#""\xc3\xa4ä""#, "ää"), (#""'`""#, "'`"),
        (#""\xff""#, "\u{FFFD}"), ("\"\t\"", "\t"),
        ("``", ""), (#"`a\n"b"`"#, #"a\n"b""#), ("`a\r\nb`", "a\nb"),
    ])
    func `strings have the values of Go`(literal: String, value: String) throws {
        #expect(try term(literal) == .string(value, literal: literal))
    }

    @Test(arguments: [
        #""\q""#, #""\'""#, #""\x4""#, #""\x+1""#, #""\xg0""#, #""\400""#, #""\08""#, #""\ud800""#, #""\U00110000""#,
    ])
    func `wrong escapes are told`(literal: String) {
        #expect(failure(of: "{{\(literal)}}") == "template: t:1: invalid syntax")
    }
}
