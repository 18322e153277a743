import Synchronization

@testable import Tracker

/// What concurrent clients saw, and whether that can have happened one after the other, in an order that agrees with real
/// time: strict serializability.
///
/// The tracker names the order itself: revisions. So it is enough to replay what was seen in that order.
struct SeenHistory {
    /// The values of some objects; nil for one that did not exist.
    typealias Values = [ObjectID: Int?]

    /// One client's call.
    struct Event {
        /// When it began and ended, by a clock that all clients share.
        var start: Int
        var end: Int
        /// The revision that it made, or, of a read, saw.
        var revision: UInt64
        /// What it saw.
        var seen: Values
        /// What it wrote; empty for a read.
        var written: Values = [:]
    }

    var events: [Event] = []

    /// Why the events cannot have happened as they were seen; empty if they can.
    func violations() -> [String] { replayViolations() + orderViolations() }

    /// Every call must have seen just what the writes of lower revisions left; each revision is made once.
    private func replayViolations() -> [String] {
        var violations: [String] = []
        var state: Values = [:]
        var last: UInt64 = 0
        func compare(_ event: Event) {
            for (id, value) in event.seen where (state[id] ?? nil) != value {
                violations.append("\(event) saw \(id) as \(value as Any), it was \((state[id] ?? nil) as Any)")
            }
        }
        // Of one revision, the write comes before those who read what it left.
        let sorted = events.sorted { ($0.revision, $0.isRead ? 1 : 0) < ($1.revision, $1.isRead ? 1 : 0) }
        for event in sorted {
            compare(event)
            guard !event.isRead else { continue }
            if event.revision <= last { violations.append("\(event) is of a revision that another made") }
            last = event.revision
            state.merge(event.written) { $1 }
        }
        return violations
    }

    /// Whoever began after another had ended must be later than it.
    private func orderViolations() -> [String] {
        var violations: [String] = []
        var ended = events.sorted { $0.end < $1.end }[...]
        var newest: Event?
        for event in events.sorted(by: { $0.start < $1.start }) {
            while let first = ended.first, first.end < event.start {
                if first.revision > newest?.revision ?? 0 { newest = first }
                ended.removeFirst()
            }
            guard let newest else { continue }
            let isLate = event.isRead ? event.revision >= newest.revision : event.revision > newest.revision
            if !isLate { violations.append("\(event) came after \(newest)") }
        }
        return violations
    }
}

extension SeenHistory.Event {
    var isRead: Bool { written.isEmpty }
}

/// A clock that only tells earlier from later.
final class LogicalClock: Sendable {
    private let count = Atomic(0)

    func tick() -> Int { count.wrappingAdd(1, ordering: .sequentiallyConsistent).newValue }
}
