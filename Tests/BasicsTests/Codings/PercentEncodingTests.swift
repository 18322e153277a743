import Basics
import StoreTesting
import Testing

@Suite struct PercentEncodingTests {
    @Test(arguments: [
        ("", ""), ("abc", "abc"), ("a%20b", "a b"), ("%e2%82%AC", "€"), ("%", "%"), ("%4", "%4"), ("%4g1", "%4g1"),
        ("%%41", "%A"), ("%2541", "%41"), ("a+b", "a+b"), ("%ff", "\u{FFFD}"),
    ])
    func `escapes are decoded once, and what is none stands for itself`(text: String, decoded: String) {
        #expect(PercentEncoding.decode(Substring(text)) == decoded)
    }

    @Test func `a plus is a space where it is asked to be, and an escaped one is not`() {
        #expect(PercentEncoding.decode("a+b%2Bc", plusIsSpace: true) == "a b+c")
    }

    @Test(arguments: ["%", "%4", "%4g", "a%", "%%41", "%é1"])
    func `a strict reader refuses what is no escape`(text: String) {
        #expect(PercentEncoding.decodeStrictly(text) == nil)
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `bytes are read as they were written, in ASCII`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let bytes = random.bytes(0...20)
            let text = PercentEncoding.encode(bytes, keeping: PercentEncoding.isUnreserved)
            #expect(
                text.utf8.allSatisfy { $0 == UInt8(ascii: "%") || PercentEncoding.isUnreserved($0) }, "seed \(seed)")
            #expect(PercentEncoding.decodeStrictly(text) == bytes, "seed \(seed)")
        }
    }
}
