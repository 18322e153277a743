import Provisioning
import Testing

@testable import Access

struct TokenLifetimeTests {
    @Test(arguments: [
        (nil, 600), ("", 600), ("0", 600), ("1", 1), ("3600", 3600), ("7200", 7200), ("1h", 3600), ("90m", 5400),
        ("2d", 172_800),
        ("3y", 94_608_000), ("1mo", 2_592_000), ("1.5h", 5400), ("0.2", 1), ("never", 315_360_000),
        ("99y", 315_360_000),
        ("9000000000", 315_360_000),
    ])
    func `a lifetime is seconds or has a unit`(text: String?, seconds: Int64) throws {
        #expect(try TokenLifetime.parse(text, .provisioning) == .seconds(seconds))
    }

    @Test(arguments: [
        "cow", "-5", "1 cow", "1x", "h", ".", "1e3", "NaN", "inf", "１", "3600 ", "9999999999999999999999999",
    ])
    func `anything else is refused in the words of Go's parser`(text: String) {
        let refusal = AccessError(.badDuration, ["strconv.ParseInt: parsing \"\(text)\": invalid syntax"])
        #expect(throws: refusal) { try TokenLifetime.parse(text, .provisioning) }
    }
}
