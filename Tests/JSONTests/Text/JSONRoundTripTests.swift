import JSON
import StoreTesting
import Testing

@Suite struct JSONRoundTripTests {
    @Test(arguments: 1...100 as ClosedRange<UInt64>)
    func `what is written reads back, compact and pretty`(seed: UInt64) throws {
        var random = RandomJSON(seed: seed)
        for _ in 0..<10 {
            let value = random.value()
            let canonical = value.canonicalBytes()
            let again = try JSONValue(parsing: canonical)
            #expect(again == value, "seed \(seed)")
            #expect(again.hashValue == value.hashValue, "seed \(seed)")
            #expect(again.canonicalBytes() == canonical, "seed \(seed)")
            #expect(try JSONValue(parsing: value.prettyText()) == value, "seed \(seed)")
        }
    }

    @Test(arguments: 1...50 as ClosedRange<UInt64>)
    func `any spelling of a value has its canonical text`(seed: UInt64) throws {
        var random = RandomJSON(seed: seed)
        for _ in 0..<10 {
            let value = random.value()
            let text = spelled(value, using: &random.generator)
            #expect(try JSONValue(parsing: text).canonicalBytes() == value.canonicalBytes(), "seed \(seed): \(text)")
        }
    }

    /// Valid text with random white space, member order and escapes.
    private func spelled(_ value: JSONValue, using random: inout SeededGenerator) -> String {
        let gap = random.pick(["", "", " ", "\n\t", "\r"])
        switch value {
        case .array(let values):
            return gap + "[" + gap + values.map { spelled($0, using: &random) }.joined(separator: gap + ",") + gap + "]"
        case .object(let object):
            let members = object.map { member in
                spelled(.string(member.key), using: &random) + gap + ":" + spelled(member.value, using: &random)
            }
            return gap + "{" + members.shuffled(using: &random).joined(separator: "," + gap) + gap + "}"
        case .string(let string):
            return gap + "\"" + string.unicodeScalars.map { spelled($0, using: &random) }.joined() + "\""
        default: return gap + value.canonicalText + gap
        }
    }

    private func spelled(_ scalar: Unicode.Scalar, using random: inout SeededGenerator) -> String {
        let mustEscape = scalar.value < 0x20 || scalar == "\"" || scalar == "\\"
        guard mustEscape || random.oneIn(4) else { return String(scalar) }
        return String(scalar).utf16.map { unit in
            let digits = String(unit, radix: 16, uppercase: random.oneIn(2))
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }
}
