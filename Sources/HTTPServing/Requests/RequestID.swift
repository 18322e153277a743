import Basics
import Synchronization

/// Names one request in answers, logs and commit records: fifteen digits and letters that sort by time.
///
/// Seven of them are the second in which the process started, eight count requests. So short a text needs no memory of its own.
package struct RequestID: Sendable, Hashable, CustomStringConvertible {
    /// The fifteen characters.
    package let description: String

    private static let counter = Atomic<UInt64>(0)
    private static let start = UInt64(clamping: Timestamp.now.seconds)
    /// Crockford's base 32: ascending, and without letters that look like digits.
    private static let digits: StaticString = "0123456789abcdefghjkmnpqrstvwxyz"

    /// An id that no other request of this process has.
    package static func next() -> RequestID {
        RequestID(start: start, count: counter.wrappingAdd(1, ordering: .relaxed).newValue)
    }

    package init(start: UInt64, count: UInt64) {
        description = String(unsafeUninitializedCapacity: 15) { text in
            for position in 0..<15 {
                let (number, place) = position < 7 ? (start, 6 - position) : (count, 14 - position)
                text[position] = Self.digits.utf8Start[Int(number >> UInt64(5 * place) & 31)]
            }
            return 15
        }
    }
}
