import Basics
import StoreTesting
import Testing

@Suite struct IdentifierTests {
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `twins are two members of a set and in a fixed order`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let twins = Twins(&generator)
        let (one, other) = (Identifier(twins.one), Identifier(twins.other))
        #expect(one != other && Set([one, other, one]).count == 2, "seed \(seed): \(twins)")
        #expect((one < other) != (other < one), "seed \(seed): \(twins)")
        #expect(one == Identifier(twins.one) && one.text.utf8.elementsEqual(twins.one.utf8))
        #expect([twins.one, twins.other].sortedByBytes() == [twins.other, twins.one].sortedByBytes())
        #expect([twins.one].contains(bytesOf: twins.one) && ![twins.one].contains(bytesOf: twins.other))
    }

    @Test func `separators count whatever mark follows them`() {
        let text = "a:\u{301}b:\u{301}c"
        #expect(
            text.parts(between: ":").map { Array($0.utf8) } == ["a", "\u{301}b", "\u{301}c"].map { Array($0.utf8) })
        #expect(text.parts(between: ":", maxSplits: 1).count == 2)
        #expect("".parts(between: ",") == [""])
        #expect(",".parts(between: ",") == ["", ""])
        #expect(text.after("a:").map { Array($0.utf8) } == Array("\u{301}b:\u{301}c".utf8))
        #expect("a".after("a:") == nil)
        #expect("x\r\n".hasByteSuffix("\n") && "x\u{301}".hasBytePrefix("x"))
        #expect("a\u{301}b".contains(text: "a") && !"a".contains(text: "ab"))
        #expect(
            "a/b/\u{301}".lastByteIndex(of: "/").map {
                "a/b/\u{301}".utf8.distance(from: "a/b/\u{301}".startIndex, to: $0)
            } == 3)
    }

    @Test func `only ASCII letters are folded`() {
        #expect("KELVIN az09".asciiLowercased == "kelvin az09")
        #expect(Array("\u{212A}\u{130}\u{C9}".asciiLowercased.utf8) == Array("\u{212A}\u{130}\u{C9}".utf8))
    }
}
