import Basics

/// The interval of one object in the tree of its resource.
///
/// Entries are in the order of their starts, and those that start together in the order of the objects' keys. Every node knows
/// the latest end below it, so that a search for overlaps passes over what has ended before.
struct IntervalEntry: OrderedEntry, Equatable {
    /// The start as sixteen bytes that sort as numbers do, and then the object's key.
    let key: ByteString
    /// The first position after the interval.
    let end: Int128

    init(start: Int128, end: Int128, object: ByteString) {
        key = Self.key(start: start, object: object)
        self.end = end
    }

    var start: Int128 { Int128(bitPattern: key.longHead ^ Self.sign) }

    /// The key of the object.
    var object: ByteString { key.withUnsafeBytes { ByteString(UnsafeRawBufferPointer(rebasing: $0[16...])) } }

    var summary: LatestEnd { LatestEnd(end: end) }

    var match: IntervalMatch {
        IntervalMatch(
            key: object, start: IntervalPoint(position: start),
            end: end == ObjectInterval.openEnd ? nil : IntervalPoint(position: end))
    }

    static func key(of entry: UnsafePointer<IntervalEntry>) -> UnsafePointer<ByteString> { entry.pointer(to: \.key)! }

    /// The key of the interval of an object that begins at `start`; without an object, what comes before all of that start.
    static func key(start: Int128, object: ByteString = .empty) -> ByteString {
        withUnsafeBytes(of: (UInt128(bitPattern: start) ^ sign).bigEndian) { head in
            object.isEmpty ? ByteString(head) : ByteString(Array(head) + object.bytes)
        }
    }

    private static let sign = UInt128(1) << 127
}

/// The latest end of some intervals.
struct LatestEnd: OrderedSummary {
    var end: Int128

    /// Before any end that there can be.
    static var empty: LatestEnd { LatestEnd(end: .min) }

    mutating func formUnion(_ other: LatestEnd) { end = max(end, other.end) }
}
