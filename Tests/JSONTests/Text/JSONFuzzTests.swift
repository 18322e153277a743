import JSON
import StoreTesting
import Testing

@Suite struct JSONFuzzTests {
    /// Bytes that matter to a parser, so that random text gets past its first byte.
    private static let alphabet =
        Array("{}[]\",:\\ntruefalsn0123456789.eE+-u \n".utf8) + [0x00, 0x1F, 0x80, 0xC3, 0xA9, 0xF0]

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `random bytes never crash and what is accepted reads back`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<100 {
            let bytes = (0..<Int.random(in: 0...24, using: &random)).map { _ in random.pick(Self.alphabet) }
            check(bytes, seed: seed)
        }
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `damaged documents never crash and what is accepted reads back`(seed: UInt64) {
        var random = RandomJSON(seed: seed)
        for _ in 0..<40 {
            let bytes = damaged(random.value(depth: 3).canonicalBytes(), using: &random.generator)
            check(bytes, seed: seed)
        }
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `the scanner stays inside bytes that are not canonical`(seed: UInt64) {
        var random = RandomJSON(seed: seed)
        for _ in 0..<40 {
            let object = random.object(depth: 3)
            let bytes = damaged(JSONValue.object(object).canonicalBytes(), using: &random.generator)
            for name in object.keys + ["", "a", "\""] {
                bytes.withUnsafeBytes { text in
                    guard let found = JSONScan.member(at: [name, "a"], of: text) ?? JSONScan.member(name, of: text)
                    else { return }
                    let offset = found.baseAddress.map { $0 - text.baseAddress! } ?? 0
                    #expect(offset >= 0 && offset + found.count <= text.count, "seed \(seed)")
                }
            }
        }
    }

    private func check(_ bytes: [UInt8], seed: UInt64) {
        do {
            let value = try JSONValue(parsing: bytes)
            let again = try JSONValue(parsing: value.canonicalBytes())
            #expect(again == value, "seed \(seed): \(bytes)")
        } catch {
            #expect((0...bytes.count).contains(error.offset), "seed \(seed): \(bytes)")
        }
    }

    private func damaged(_ bytes: [UInt8], using random: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let index = Int.random(in: 0...bytes.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes.insert(random.pick(Self.alphabet), at: index)
            case 1: bytes.removeSubrange(index...)
            case 2 where index < bytes.count: bytes.remove(at: index)
            case _ where index < bytes.count: bytes[index] = random.pick(Self.alphabet)
            default: break
            }
        }
        return bytes
    }
}
