import Basics
import JSON
import Store

/// The epochs of a store, oldest first: which opening wrote which revisions.
///
/// The one that goes on is recorded together with the first commit that it makes, so an opening that writes nothing leaves no
/// trace, and a copy of the store has the mark of every revision that it has. All are read at the start and do not change after.
public struct Epochs: Sendable {
    /// The most that are kept. At an opening beyond that the older half is forgotten: its revisions count to the oldest one left
    /// then, which changes their etags once and makes cursors of that time unknown.
    static let limit = 4096

    /// The epochs that have ended.
    private let past: [Epoch]
    /// The present one.
    let current: Epoch
    /// First revisions of recorded epochs that are no longer wanted.
    private let obsolete: [Revision]

    /// A history in which one epoch wrote everything.
    init(only current: Epoch = .unknown) {
        (past, self.current, obsolete) = ([], current, [])
    }

    /// The epochs that a store has recorded, and one that begins.
    ///
    /// - Parameters:
    ///   - recorded: in ascending order.
    ///   - newest: the newest revision of the store.
    ///   - mark: of the epoch that begins.
    init(recorded: [Epoch], newest: Revision, mark: UInt64) {
        // What begins later than the store reaches was never written in.
        let real = recorded.filter { $0.first <= newest }
        let kept = real.count < Self.limit ? real : real.suffix(Self.limit / 2)
        past = kept
        current = Epoch(mark: mark, first: kept.isEmpty ? .zero : newest.next)
        obsolete = (recorded.filter { $0.first > newest } + real.dropLast(kept.count)).map(\.first)
    }

    /// The epochs that a store has recorded, of which the last goes on: as one who only reads sees them.
    init(recorded: [Epoch]) {
        past = recorded.dropLast()
        current = recorded.last ?? .unknown
        obsolete = []
    }

    /// All of them.
    var all: [Epoch] { past + [current] }

    /// Those that the store has recorded once it has come to `newest`.
    func written(through newest: Revision) -> [Epoch] { all.filter { $0.first <= newest && $0 != .unknown } }

    /// Whether the store that they are of had recorded none.
    var isFirst: Bool { past.isEmpty }

    /// The epoch that wrote `revision`. What is older than the oldest counts to that one.
    func epoch(of revision: Revision) -> Epoch {
        if revision >= current.first { return current }
        var (low, high) = (0, past.count)
        while low < high {
            let middle = (low + high) / 2
            if past[middle].first <= revision { low = middle + 1 } else { high = middle }
        }
        return past.isEmpty ? current : past[max(low, 1) - 1]
    }

    /// Whether the epoch with the mark `text` wrote `revision`, in a store that has come to `newest`.
    public func wrote(_ revision: Revision, mark text: String, newest: Revision) -> Bool {
        revision <= newest && epoch(of: revision).text.hasSameUTF8(as: text)
    }

    /// The place after `revision` in the stream of events.
    public func cursor(after revision: Revision) -> EventCursor {
        EventCursor(epoch: epoch(of: revision).text, revision: revision)
    }

    /// What records the present epoch.
    var recording: WriteBatch {
        var batch = WriteBatch()
        for first in obsolete { batch.remove(.metadata, key: StoreLayout.epochKey(first)) }
        batch.put(.metadata, key: StoreLayout.epochKey(current.first), value: StoreLayout.bytes(current.mark))
        return batch
    }

    /// The epochs that `store` has recorded, oldest first.
    static func recorded(in store: any KeyValueStore) throws(StoreError) -> [Epoch] {
        var epochs: [Epoch] = []
        let start = StoreLayout.epochPrefix
        try store.scan(.metadata, from: start, upTo: StoreLayout.epochEnd, descending: false) { key, value in
            let first = Revision(StoreLayout.number(key.dropFirst(start.count)))
            epochs.append(Epoch(mark: StoreLayout.number(value), first: first))
            return true
        }
        return epochs
    }
}

extension Epochs: Hashable {
    /// Whether both are of the same opening, which has one history of epochs.
    public static func == (one: Epochs, other: Epochs) -> Bool { one.current == other.current }

    /// Feeds what tells openings apart.
    public func hash(into hasher: inout Hasher) { hasher.combine(current) }
}
