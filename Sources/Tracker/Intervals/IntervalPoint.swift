public import Basics

/// What the ends of intervals are.
public enum IntervalAxis: Sendable, Hashable {
    /// Points in time, in fields of RFC 3339 text; counted in nanoseconds.
    case time
    /// Whole numbers.
    case integer
}

/// A point on an axis: a time or a whole number. Points of different axes are not to be compared.
public struct IntervalPoint: Sendable, Hashable, Comparable {
    /// Nanoseconds since 1970, or the number.
    let position: Int128

    init(position: Int128) { self.position = position }

    /// A point in time.
    public static func time(_ time: Timestamp) -> IntervalPoint {
        IntervalPoint(position: Int128(time.seconds) * nanosecondsPerSecond + Int128(time.nanoseconds))
    }

    /// A whole number.
    public static func integer(_ number: Int64) -> IntervalPoint { IntervalPoint(position: Int128(number)) }

    /// The point as a time, if it is on the axis of times.
    public var timestamp: Timestamp {
        let nanoseconds = position - seconds * Self.nanosecondsPerSecond
        return Timestamp(seconds: Int64(clamping: seconds), nanoseconds: Int32(nanoseconds))
    }

    /// The point as a number, if it is on the axis of integers.
    public var number: Int64 { Int64(clamping: position) }

    /// Whether `left` is before `right`.
    public static func < (left: IntervalPoint, right: IntervalPoint) -> Bool { left.position < right.position }

    /// What messages call the point.
    func text(_ axis: IntervalAxis) -> String {
        switch axis {
        case .time: timestamp.description
        case .integer: "\(number)"
        }
    }

    /// Whole seconds, rounded down.
    private var seconds: Int128 {
        let seconds = position / Self.nanosecondsPerSecond
        return position < seconds * Self.nanosecondsPerSecond ? seconds - 1 : seconds
    }

    fileprivate static let nanosecondsPerSecond: Int128 = 1_000_000_000
}

/// The distance of two points.
public struct IntervalLength: Sendable, Hashable {
    /// Nanoseconds, or a number; at least one.
    let extent: Int128

    private init(_ extent: Int128) { self.extent = max(1, extent) }

    /// A length of time, rounded up to a whole number of nanoseconds, at least one.
    public static func duration(_ duration: Duration) -> IntervalLength {
        let (seconds, attoseconds) = duration.components
        let nanoseconds = attoseconds / 1_000_000_000 + (attoseconds % 1_000_000_000 > 0 ? 1 : 0)
        return IntervalLength(Int128(seconds) * IntervalPoint.nanosecondsPerSecond + Int128(nanoseconds))
    }

    /// A distance of integers, at least one.
    public static func count(_ count: Int64) -> IntervalLength { IntervalLength(Int128(count)) }
}

/// The interval of an object that a query found.
public struct IntervalMatch: Sendable, Hashable {
    /// The key of the object.
    public let key: ByteString
    /// Where it begins.
    public let start: IntervalPoint
    /// The first point after it; nil if it is open.
    public let end: IntervalPoint?
}

/// What a search for a free slot found.
public enum FreeSlot: Sendable, Hashable {
    /// The first slot begins here.
    case free(IntervalPoint)
    /// There is none: an open interval holds the resource.
    case none
    /// None begins before this point, and the search has done the work that it may: go on from here.
    case notBefore(IntervalPoint)
}
