import Basics
import StoreTesting
import Testing

@Suite struct HexadecimalTests {
    @Test func `bytes are two digits each, between separators if there are any`() {
        #expect(Hexadecimal.encode([0, 0x1B, 0xFF]) == "001bff")
        #expect(Hexadecimal.encode([0, 0x1B, 0xFF], isUppercase: true) == "001BFF")
        #expect(Hexadecimal.encode([0, 0x1B, 0xFF], separator: ":") == "00:1b:ff")
        #expect(Hexadecimal.encode([]) == "")
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `bytes are read as they were written, in digits of either case`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for isUppercase in [true, false] {
            let bytes = random.bytes(0...40)
            #expect(Hexadecimal.decode(Hexadecimal.encode(bytes, isUppercase: isUppercase)) == bytes, "seed \(seed)")
        }
    }

    @Test(arguments: ["0", "0g", "a:", "+1", "-1", "１２", " 1"])
    func `what is no pair of digits is refused`(text: String) {
        #expect(Hexadecimal.decode(text) == nil)
    }
}
