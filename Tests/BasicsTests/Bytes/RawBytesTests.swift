import Basics
import StoreTesting
import Testing

@Suite struct RawBytesTests {
    /// Runs of few different bytes, so that many begin alike.
    private static func run(_ random: inout SeededGenerator) -> [UInt8] {
        (0..<Int.random(in: 0...20, using: &random)).map { _ in [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &random)!
        }
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `bytes are compared as unsigned numbers, and heads as the bytes they are of`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            let (left, right) = (Self.run(&random), Self.run(&random))
            let isBefore = left.lexicographicallyPrecedes(right)
            #expect((left.compareBytes(to: right) < 0) == isBefore, "seed \(seed): \(left) and \(right)")
            #expect((left.compareBytes(to: right) == 0) == (left == right), "seed \(seed): \(left) and \(right)")
            left.withUnsafeBytes { one in
                right.withUnsafeBytes { other in
                    #expect(one.hasSameBytes(as: other) == (left == right), "seed \(seed)")
                    #expect(one.head == other.head || (one.head < other.head) == isBefore, "seed \(seed)")
                    #expect(
                        one.longHead == other.longHead || (one.longHead < other.longHead) == isBefore, "seed \(seed)")
                }
            }
        }
    }
}
