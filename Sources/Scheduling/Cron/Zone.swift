import Basics
import Foundation

/// A time zone of the IANA database, as Foundation has it: how far the local clock is ahead of UTC at each moment.
public struct Zone: Sendable, Hashable {
    /// Nil for UTC.
    private let rules: TimeZone?

    /// Coordinated universal time.
    public static let utc = Zone()

    private init() { rules = nil }

    /// The longest name in bytes.
    private static let longestName = 64

    /// The zone called `name`: `Area/City`, or `UTC`, as which no name counts too. Nil for other names; abbreviations such as
    /// `CST` stand for several zones.
    public init?(_ name: String) {
        if name.isEmpty || name.hasSameUTF8(as: "UTC") {
            self = .utc
            return
        }
        guard name.utf8.count <= Self.longestName, name.firstByteIndex(of: "/") != nil,
            let rules = TimeZone(identifier: name)
        else { return nil }
        self.rules = rules
    }

    /// How many seconds the local clock is ahead of UTC at a moment, in seconds since 1970-01-01T00:00:00Z.
    func offset(at moment: Int64) -> Int64 {
        guard let rules else { return 0 }
        return Int64(rules.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(moment))))
    }

    /// The first moment after `start` at which the local clock is set otherwise; `end` must be a later moment at which it is.
    func change(after start: Int64, by end: Int64) -> Int64 {
        let before = offset(at: start)
        var (low, high) = (start, end)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if offset(at: middle) == before { low = middle } else { high = middle }
        }
        return high
    }

    /// The first moment at which the local clock has reached or passed `local`.
    func firstMoment(reaching local: Int64) -> Int64 {
        let (start, end) = (local - Self.widestOffset, local + Self.widestOffset)
        let (before, after) = (offset(at: start), offset(at: end))
        if before == after { return local - before }
        let change = change(after: start, by: end)
        return local - before < change ? local - before : max(change, local - after)
    }

    /// More than any zone is ahead of UTC or behind it.
    private static let widestOffset: Int64 = 16 * 3600
}
