import Basics
import JSON
import StoreTesting
import Testing

@testable import Tracker

/// Keys as bytes, against the order of the values that they stand for.
@Suite struct `Encoded keys` {
    private static let texts = ["", "a", "a\0", "a\0b", "ab", "b", "ä", "z,", "z%", "z%2C", "\u{10ffff}", "10"]

    /// A value of one field of a key.
    private enum Value: Comparable {
        case text(String)
        case number(Int64)
        case address(IPAddress)

        var text: String {
            switch self {
            case .text(let text): text
            case .number(let number): String(number)
            case .address(let address): address.description
            }
        }

        static func < (left: Value, right: Value) -> Bool {
            switch (left, right) {
            case (.text(let left), .text(let right)): left.utf8.lexicographicallyPrecedes(right.utf8)
            case (.number(let left), .number(let right)): left < right
            case (.address(let left), .address(let right)): left < right
            default: false
            }
        }

        static func random(_ form: KeyForm, _ random: inout SeededGenerator) -> Value {
            switch form {
            case .integer:
                .number(
                    Int64.random(in: 1...KeyForm.largestInteger, using: &random)
                        >> Int64.random(in: 0...52, using: &random) | 1)
            case .address:
                .address(
                    IPAddress(
                        number: UInt128.random(in: 0...UInt128.max, using: &random)
                            >> UInt128.random(in: 0...100, using: &random)))
            default: .text(texts.dropFirst().randomElement(using: &random)! + (texts.randomElement(using: &random)!))
            }
        }
    }

    private static let rules: [KeyRule] = [
        .text("A"), .integer("A"), .address("A"), .composite(.init("A", .text), .init("B", .integer)),
        .composite(.init("A", .integer), .init("B", .text), .init("C", .text)),
        .composite(.init("A", .text), .init("B", .text)), .composite(.init("A", .address), .init("B", .uuid)),
    ]

    @Test(arguments: rules.indices, 1...5 as ClosedRange<UInt64>)
    func `sort as their values do, and read back as the same key`(rule: Int, seed: UInt64) throws {
        let rule = Self.rules[rule]
        var random = SeededGenerator(seed: seed)
        var rows: [(values: [Value], key: ByteString)] = []
        for _ in 0..<200 {
            let values = rule.parts.map { Value.random($0.form, &random) }
            let fields = zip(rule.parts, values).map { ($0.field, $0.form.value(spelled: $1.text)) }
            let text = rule.key(of: JSONObject(fields))
            let key = rule.bytes(text)
            #expect(key.string == text, "\(values)")
            #expect(rule.bytes(ofPath: text) == key, "\(values)")
            #expect(ByteString(storedText: key.storedText) == key, "\(values)")
            #expect(try #require(rule.values(text)).map(\.value) == fields.map(\.1), "\(values)")
            rows.append((values, key))
        }
        let sorted = rows.sorted { $0.key < $1.key }
        for (first, second) in zip(sorted, sorted.dropFirst()) {
            #expect(!second.values.lexicographicallyPrecedes(first.values), "\(first.values) \(second.values)")
            #expect((first.key == second.key) == (first.values == second.values), "\(first.values) \(second.values)")
        }
    }

    @Test func `of text are its bytes, and of an integer eight bytes`() {
        #expect(KeyRule.text("A").bytes("x\0y") == ByteString("x\0y"))
        #expect(KeyRule.integer("A").bytes("258").bytes == [0x80, 0, 0, 0, 0, 0, 1, 2])
        #expect(KeyRule.integer("A").bytes("258") == IndexValue.integer(258))
        #expect(KeyRule.address("A").bytes("::1").bytes == [0xf8] + [UInt8](repeating: 0, count: 15) + [1])
        let key = KeyRule.composite(.init("A", .text), .init("B", .integer)).bytes("a\0,7")
        #expect(key.bytes == [0xf9, 0x61, 0, 0xff, 0, 0x80, 0, 0, 0, 0, 0, 0, 7])
    }

    @Test(arguments: ["", "0", "-1", "+1", "01", "1.0", "1e3", "x", "9007199254740992", "99999999999999999999"])
    func `of the wrong form are equal to none of the type`(text: String) {
        let key = KeyRule.integer("A").bytes(ofPath: text)
        #expect(key == ByteString(text))
        #expect(KeyRule.integer("A").values(text) == nil)
    }

    @Test(arguments: ["", ",", "a", "a,", ",1", "a,0", "a,1,2", "a%,1", "a%2c,1"])
    func `of several fields take as many values, each of its form`(text: String) {
        let rule = KeyRule.composite(.init("A", .text), .init("B", .integer))
        #expect(rule.bytes(ofPath: text) == ByteString(text))
        #expect(rule.values(text) == nil)
    }

    @Test func `that are text are stored as text, and others as scalars after a NUL`() {
        #expect(ByteString("plain/ä").storedText == "plain/ä")
        #expect(IndexValue.integer(7).storedText == "\0\u{80}\0\0\0\0\0\0\u{7}")
        for text in ["\0", "\0a", "\0\u{80}"] {
            #expect(ByteString(storedText: ByteString(text).storedText) == ByteString(text))
        }
    }
}
