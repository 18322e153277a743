extension Duration {
    /// The units of durations in requests and parameters (C §4.6); the raw value is the usual text.
    public enum Unit: String, Sendable, CaseIterable {
        case nanoseconds = "ns"
        case microseconds = "us"
        case milliseconds = "ms"
        case seconds = "s"
        case minutes = "m"
        case hours = "h"
        case days = "d"
        case weeks = "w"
        /// Thirty days.
        case months = "mo"
        /// 365 days.
        case years = "y"

        var nanosecondsEach: Int128 {
            switch self {
            case .nanoseconds: 1
            case .microseconds: 1000
            case .milliseconds: 1_000_000
            case .seconds: 1_000_000_000
            case .minutes: 60 * Self.seconds.nanosecondsEach
            case .hours: 3600 * Self.seconds.nanosecondsEach
            case .days: 24 * Self.hours.nanosecondsEach
            case .weeks: 7 * Self.days.nanosecondsEach
            case .months: 30 * Self.days.nanosecondsEach
            case .years: 365 * Self.days.nanosecondsEach
            }
        }

        /// The unit of a text, with either of the characters that stand for micro.
        init?(text: some StringProtocol) {
            self.init(rawValue: text == "\u{b5}s" || text == "\u{3bc}s" ? "us" : String(text))
        }
    }

    /// Parses `never`, which is a hundred years, or a decimal number with an optional unit: `90`, `1.5h`, `2 w` (C
    /// §4.6).
    ///
    /// The result is exact, cut off at nanoseconds. Nil for anything else, and beyond 292 years, where 64-bit
    /// nanoseconds end.
    /// - Parameter defaultUnit: What a number without a unit counts.
    public init?(musterText text: String, defaultUnit: Unit) {
        if text == "never" {
            self = .seconds(100 * 365 * 86_400)
            return
        }
        let isOfNumber = { (byte: UInt8) in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: ".")
        }
        let number = Substring(text.utf8.prefix(while: isOfNumber))
        let suffix = Substring(text.utf8.drop(while: isOfNumber))
        guard let unit = suffix.isEmpty ? defaultUnit : Unit(text: suffix),
            let nanoseconds = Self.nanoseconds(number, each: unit.nanosecondsEach)
        else { return nil }
        self = .nanoseconds(nanoseconds)
    }

    /// A decimal number of units, in nanoseconds.
    private static func nanoseconds(_ number: Substring, each unit: Int128) -> Int64? {
        let parts = number.parts(between: ".")
        guard parts.count <= 2, number.utf8.count > parts.count - 1,
            let whole = parts.first.map({ $0.drop { $0 == "0" } }),
            whole.utf8.count <= 19
        else { return nil }
        var total = (Int128(whole) ?? 0) * unit
        if parts.count == 2 {
            // Eighteen digits are finer than a nanosecond of the largest unit.
            let digits = parts[1].prefix(18)
            let scale = digits.reduce(Int128(1)) { scale, _ in scale * 10 }
            total += (Int128(digits) ?? 0) * unit / scale
        }
        return Int64(exactly: total)
    }
}
