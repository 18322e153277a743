import Synchronization

/// How many bytes streams have that were written to not long ago, so that nobody has to look in the store before each append.
///
/// It is told by the committer alone, of what has become durable, and knows nothing that it was not told: a size that somebody
/// read in the store meanwhile may be an old one.
final class StreamSizes: Sendable {
    /// How many are remembered; when there are more, all are forgotten.
    private static let most = 32_768

    private let known = Mutex<[SideRange: UInt64]>([:])

    /// The durable size of a stream; nil if it is not known.
    subscript(range: SideRange) -> UInt64? { known.withLock { $0[range] } }

    /// Takes what a batch has done.
    func note(_ outcome: SideOutcome) {
        if outcome.sizes.isEmpty, outcome.shrunk.isEmpty { return }
        known.withLock { known in
            for range in outcome.shrunk { known[range] = nil }
            if known.count + outcome.sizes.count > Self.most { known = [:] }
            known.merge(outcome.sizes) { _, new in new }
        }
    }

    /// Forgets all, since nobody knows what the store has.
    func forgetAll() { known.withLock { $0 = [:] } }
}

/// What a batch does to streams.
struct SideOutcome: Sendable {
    /// How many bytes those have that it extends.
    var sizes: [SideRange: UInt64] = [:]
    /// Those of which it removes something.
    var shrunk: Set<SideRange> = []
}
