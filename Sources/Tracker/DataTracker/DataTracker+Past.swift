import Basics
import JSON
import Store
import Synchronization

extension DataTracker {
    /// How much of a past state is wanted.
    public enum PastScope: Sendable {
        /// Some objects; of all others the state is as it is now.
        case objects([ObjectID])
        /// All objects.
        case everything
    }

    /// How far back one may ask for a whole state.
    public static let pastBudget = WorkBudget(
        2_000_000, "changes to take back", remedy: "ask for a later state, or for a single object")

    /// How many whole states of the past may be in the making at once: each takes memory for what it does not share.
    static let pastsAtOnce = 4

    /// The state of the objects at `revision`, by undoing in a copy of the present what happened since. The layers are
    /// those of then if everything is wanted, else those of now.
    ///
    /// - Throws: `notFound` when there is no such revision yet, `forgotten` when it is too old, `overBudget` when too much
    ///   changed since, `unavailable` when too many ask at once.
    public nonisolated func snapshot(
        at revision: Revision, _ scope: PastScope = .everything
    ) async throws(TrackerError) -> Snapshot {
        let present = snapshot
        guard revision <= present.revision else { throw noCommit(revision) }
        guard case .objects(let ids) = scope else { return try await wholeSnapshot(at: revision, from: present) }
        let past = try await history.read { history throws(StoreError) -> Snapshot? in
            var state = present
            state.revision = revision
            for id in ids {
                if let version = try history.version(of: id, at: revision) { state.put(version, id) }
            }
            // Asked last, since what is being forgotten while it is read is missing.
            return try history.start() <= revision ? state : nil
        }
        guard let past else { throw await forgotten("the state at revision \(revision)") }
        return past
    }

    private nonisolated func wholeSnapshot(
        at revision: Revision, from present: Snapshot
    ) async throws(TrackerError) -> Snapshot {
        guard history.pasts.begin() else {
            let message = "\(Self.pastsAtOnce) states of the past are being made: try again later"
            throw TrackerError(.unavailable, "history", message)
        }
        defer { history.pasts.end() }
        let rewind = SharedRewind(Rewind(present, to: revision))
        var meter = WorkMeter(Self.pastBudget)
        while true {
            if Task.isCancelled { throw TrackerError(.cancelled, "history", "Nobody waits for the past any more") }
            let step = try await history.read { history throws(StoreError) in
                try rewind.state.withLock { rewind throws(StoreError) in try rewind.step(history) }
            }
            guard let step else { break }
            try meter.spend(step, on: "history", key: revision.description)
        }
        let past = rewind.state.withLock { $0.result }
        guard let past else { throw await forgotten("the state at revision \(revision)") }
        return past
    }
}

/// A past state in the making, which threads work on one after the other.
private final class SharedRewind: Sendable {
    let state: Mutex<Rewind>
    init(_ rewind: Rewind) { state = Mutex(rewind) }
}

/// Turns the present into the past in small steps: what changed since becomes what it was before it first did.
private struct Rewind: Sendable {
    private var state: Snapshot
    private let revision: Revision
    private let newest: Revision
    /// The next record to read.
    private var next: Revision
    /// What changed, and the first commit that changed it.
    private var firsts: [(id: ObjectID, commit: Revision)] = []
    private var seen: Set<ObjectID> = []
    private var packs: [Identifier: Revision] = [:]
    private var arePacksDone = false
    private var done = 0
    /// The state, once it is made; nil also if it is forgotten.
    private(set) var result: Snapshot?

    /// The objects that one step reads, about.
    private static let stepLength = 5000

    init(_ present: Snapshot, to revision: Revision) {
        (state, self.revision, newest, next) = (present, revision, present.revision, revision.next)
        state.revision = revision
    }

    /// Does a little of it.
    ///
    /// - Returns: how many changes were looked at; nil when there is nothing left to do.
    mutating func step(_ history: StoredHistory) throws(StoreError) -> Int? {
        if next <= newest { return try readRecords(history) }
        if !arePacksDone {
            try restorePacks(history)
            return 0
        }
        if done < firsts.count { return try restoreObjects(history) }
        // Asked last, since what is being forgotten while it is read is missing.
        if try history.start() <= revision { result = state }
        return nil
    }

    private mutating func readRecords(_ history: StoredHistory) throws(StoreError) -> Int {
        var count = 0
        var (reached, found, known, layers) = (newest, firsts, seen, packs)
        (firsts, seen, packs) = ([], [], [:])
        defer { (firsts, seen, packs) = (found, known, layers) }
        try history.records(from: next, through: newest) { record in
            let commit = record.revision
            for entry in record.entries where known.insert(entry.id).inserted { found.append((entry.id, commit)) }
            for pack in record.packs.map({ Identifier($0.name) }) where layers[pack] == nil { layers[pack] = commit }
            count += 1 + record.entries.count
            reached = commit
            return count < Self.stepLength
        }
        next = reached.next
        return count
    }

    /// First, since objects name the layers that they came from.
    private mutating func restorePacks(_ history: StoredHistory) throws(StoreError) {
        for (name, first) in packs.sorted(by: { $0.key < $1.key }) {
            guard let version = try history.version(of: StoreLayout.packID(name.text), before: first) else { continue }
            if let pack = version.pack(state.catalog.layers) {
                state.stack.push(pack)
            } else {
                state.stack.remove(name.text)
            }
        }
        arePacksDone = true
    }

    private mutating func restoreObjects(_ history: StoredHistory) throws(StoreError) -> Int {
        let end = min(firsts.count, done + Self.stepLength)
        for (id, commit) in firsts[done..<end] {
            if let version = try history.version(of: id, before: commit) { state.put(version, id) }
        }
        done = end
        return 0
    }
}

extension Snapshot {
    /// Makes `id` what it was; types that are not declared any more are left out.
    fileprivate mutating func put(_ version: PastVersion, _ id: ObjectID) {
        guard let position = catalog.position(id.typeName) else { return }
        if let object = version.object(id, in: self) {
            tables[position].put(object)
        } else {
            tables[position].remove(id.key)
        }
    }
}
