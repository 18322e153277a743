import StoreTesting
import Testing

@testable import Basics

struct DurationTextTests {
    private static let day: Int64 = 86_400_000_000_000

    /// Texts and what they are in nanoseconds.
    private static let valid: [(String, Int64)] = [
        ("0", 0), ("90", 90_000_000_000), ("1.5", 1_500_000_000), ("1ns", 1), ("2us", 2000), ("2\u{b5}s", 2000),
        ("2\u{3bc}s", 2000), ("3ms", 3_000_000), ("10s", 10_000_000_000), ("10m", 600_000_000_000),
        ("1.5h", 5_400_000_000_000), ("1d", day), ("2w", 14 * day), ("1mo", 30 * day), ("3y", 1095 * day),
        ("never", 36_500 * day), (".5s", 500_000_000), ("1.s", 1_000_000_000), ("0.1s", 100_000_000),
        ("0.0000000019s", 1), ("000000000000000000000000001ns", 1), ("292y", 292 * 365 * day),
        ("0.3333333333333333333333333h", 1_199_999_999_999), ("9223372036854775807ns", .max),
    ]

    @Test(arguments: valid)
    func `a number with a unit is a duration`(text: String, nanoseconds: Int64) {
        #expect(Duration(musterText: text, defaultUnit: .seconds) == .nanoseconds(nanoseconds))
    }

    @Test(arguments: Duration.Unit.allCases)
    func `a number without a unit counts the default unit`(unit: Duration.Unit) {
        let plain = Duration(musterText: "7", defaultUnit: unit)
        #expect(plain != nil)
        #expect(plain == Duration(musterText: "7" + unit.rawValue, defaultUnit: .seconds))
    }

    @Test(arguments: [
        "", ".", "s", ".s", "-1s", "+1s", "1 s", " 1s", "1s ", "1e3s", "1,5s", "1.2.3s", "1S", "1sec", "1h30m", "0x1s",
        "Never", "nevers",
        "9223372036854775808ns", "300y", "99999999999999999999999999999999s", "１s", "1µ", "1\u{301}s", "2\u{20e3}s",
    ])
    func `what is no duration is refused`(text: String) {
        #expect(Duration(musterText: text, defaultUnit: .seconds) == nil)
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `random text does not trap and gives no negative duration`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let pieces = ["0", "9", "123456789", ".", "s", "mo", "y", "m", "\u{b5}s", "never", "-", " ", "e\u{301}"]
        for _ in 0..<3000 {
            let text = randomText(of: pieces, &random)
            if let duration = Duration(musterText: text, defaultUnit: .minutes) {
                #expect(duration >= .zero, "\(text), seed \(seed)")
            }
        }
    }
}
