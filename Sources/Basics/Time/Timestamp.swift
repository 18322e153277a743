import Glibc
import SwiftOverlayShims  // to which the compiler at times ascribes `timespec`

/// A point in time, to the nanosecond.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Whole seconds since 1970-01-01T00:00:00Z, without leap seconds; negative before.
    public let seconds: Int64
    /// Nanoseconds after the second: 0 to 999,999,999.
    public let nanoseconds: Int32

    /// A point in time; nanoseconds outside 0...999,999,999 are a programmer error.
    public init(seconds: Int64, nanoseconds: Int32 = 0) {
        precondition(0..<1_000_000_000 ~= nanoseconds, "\(nanoseconds) nanoseconds are not part of a second")
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// The first instant of the year 1, which stands for no time at all on the wire: `0001-01-01T00:00:00Z`.
    public static let zero = Timestamp(seconds: -62_135_596_800)

    /// The time of the system's clock.
    public static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(seconds: Int64(time.tv_sec), nanoseconds: Int32(time.tv_nsec))
    }

    /// Whether `left` is earlier.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }

    /// The time `duration` later, its fraction of a nanosecond cut off; at the most the last second there is.
    public static func + (time: Timestamp, duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        let nanoseconds = Int64(time.nanoseconds) + attoseconds / 1_000_000_000
        let carry: Int64 = nanoseconds < 0 ? -1 : nanoseconds / 1_000_000_000
        let sum = Int128(time.seconds) + Int128(seconds) + Int128(carry)
        return Timestamp(seconds: Int64(clamping: sum), nanoseconds: Int32(nanoseconds - carry * 1_000_000_000))
    }

    /// The time from `right` to `left`.
    public static func - (left: Timestamp, right: Timestamp) -> Duration {
        .seconds(Int128(left.seconds) - Int128(right.seconds))
            + .nanoseconds(Int64(left.nanoseconds) - Int64(right.nanoseconds))
    }
}
