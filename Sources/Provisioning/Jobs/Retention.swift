public import Basics
import JSON
import Logging
public import Tracker

/// Which jobs or work orders are forgotten: those that ended long ago, and the oldest of machines that have many (C §15.4). A
/// machine's current job stays, and so does what has not ended; of a machine that is gone, all may go.
public struct Retention: Sendable {
    /// What is looked at.
    public let kind: Kind
    /// How many of each machine are kept; nil for all.
    public var keptCount: Int?
    /// How long those are kept that did not end well; nil for ever.
    public var failedAfter: Duration?
    /// How long those are kept that did; nil for ever.
    public var completeAfter: Duration?
    /// Whose are looked at.
    public var machines = Machines.all

    /// Whose jobs or work orders are looked at.
    public enum Machines: Sendable {
        /// Those of all machines.
        case all
        /// Those of the machine with that key.
        case one(String)
        /// Those of machines that are gone: they need no other reason to be forgotten.
        case missing
    }

    /// What the preferences say.
    public init(_ kind: Kind, _ preferences: Preferences) {
        self.kind = kind
        keptCount = Int(preferences[kind.keepPreference])
        failedAfter = preferences.duration(kind.failedPreference)
        completeAfter = preferences.duration(kind.completePreference)
    }

    /// Whether anything is ever forgotten.
    var isLimited: Bool { keptCount != nil || failedAfter != nil || completeAfter != nil }

    /// What is to be forgotten at `now`, in the order of the machines, oldest first.
    public func expired(in view: Snapshot, at now: Timestamp) -> [ByteString] {
        var expired: [ByteString] = []
        var ofMachine: (key: String, records: [StoredObject]) = ("", [])
        func close() {
            expired += self.expired(of: ofMachine.key, ofMachine.records, in: view, at: now)
        }
        if case .one(let machine) = machines {
            let keys = view.keys(kind.typeName, where: .field("Machine"), spelled: machine)
            return self.expired(of: machine, keys.compactMap { view[ObjectID(kind.typeName, $0)] }, in: view, at: now)
        }
        view.forEachObject(kind.typeName, inOrderOf: .field("Machine")) { record in
            let machine = record.text("Machine")
            if !machine.hasSameUTF8(as: ofMachine.key) {
                close()
                ofMachine = (machine, [])
            }
            ofMachine.records.append(record)
            return true
        }
        close()
        return expired
    }

    /// What of one machine is to be forgotten.
    private func expired(
        of machine: String, _ records: [StoredObject], in view: Snapshot, at now: Timestamp
    ) -> [ByteString] {
        let isMissing = !view.contains("machines", machine)
        if case .missing = machines { return isMissing ? records.map(\.key) : [] }
        let current = view.object("machines", machine)?.text("CurrentJob") ?? ""
        let newestFirst = records.map {
            (record: $0, start: Timestamp(rfc3339: $0.text(kind.startField)) ?? .zero)
        }
        .sorted { ($1.start, $1.record.key) < ($0.start, $0.record.key) }
        var expired: [ByteString] = []
        for (index, entry) in newestFirst.enumerated() {
            let isOld = isOver(entry.record, at: now) || keptCount.map { index >= max(0, $0) } ?? false
            guard isOld, kind.isDone(entry.record.text("State")), !entry.record.key.string.hasSameUTF8(as: current)
            else { continue }
            expired.append(entry.record.key)
        }
        return expired.reversed()
    }

    /// Whether a job or work order has been kept for as long as it is to be.
    private func isOver(_ record: StoredObject, at now: Timestamp) -> Bool {
        let state = record.text("State")
        guard kind.isDone(state), let time = state == "finished" ? completeAfter : failedAfter,
            let end = Timestamp(rfc3339: record.text("EndTime"))
        else { return false }
        return end + time <= now
    }

    /// How many go in one commit.
    public static let portion = 500

    /// Forgets jobs or work orders, some hundreds in a commit.
    ///
    /// - Parameter request: on whose behalf.
    /// - Returns: how many were still there.
    /// - Throws: what keeps a commit from being made; the ones before it are.
    @discardableResult
    public func forget(
        _ expired: [ByteString], _ tracker: DataTracker, _ request: TrackerRequest
    ) async throws(TrackerError) -> Int {
        var (rest, count) = (expired[...], 0)
        while !rest.isEmpty {
            let some = Array(rest.prefix(Self.portion))
            rest = rest.dropFirst(Self.portion)
            let order = request.writing(WriteScope([kind.typeName], count: some.count))
            count += try await tracker.commit(order) { [kind] draft throws(TrackerError) in
                var count = 0
                for key in some where draft.view.contains(kind.typeName, key.string) {
                    try draft.forget(key, kind)
                    count += 1
                }
                return count
            }.value
        }
        return count
    }
}

extension Draft {
    /// Removes a job or work order. What a machine that is gone had not ended cannot be ended by anybody, and goes as well.
    fileprivate mutating func forget(_ key: ByteString, _ kind: Retention.Kind) throws(TrackerError) {
        let stored = try object(kind.typeName, at: key.string)
        if !kind.isDone(stored.text("State")), !view.contains("machines", stored.text("Machine")) {
            try updateAsServer(kind.typeName, at: key.string) { $0["State"] = "failed" }
        }
        try remove(kind.typeName, at: key.string)
    }
}
