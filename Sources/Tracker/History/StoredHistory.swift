import Store

/// The past as the store has it. All calls block.
struct StoredHistory: Sendable {
    let store: any KeyValueStore

    /// The oldest revision whose state can be told; what led to it is forgotten.
    func start() throws(StoreError) -> Revision {
        Revision(StoreLayout.number(try store.value(.metadata, key: StoreLayout.historyKey) ?? []))
    }

    /// The record of a commit, or nil.
    func record(_ revision: Revision) throws(StoreError) -> HistoryRecord? {
        try store.value(.commits, key: StoreLayout.commitKey(revision)).map { bytes in
            bytes.withUnsafeBytes { HistoryRecord(stored: $0) }
        }
    }

    /// Visits records until `visit` says to stop.
    ///
    /// - Parameters:
    ///   - first: the first revision wanted.
    ///   - last: the last revision wanted.
    ///   - descending: whether to begin with the last.
    func records(
        from first: Revision, through last: Revision, descending: Bool = false,
        _ visit: (HistoryRecord) throws(StoreError) -> Bool
    ) throws(StoreError) {
        guard first <= last else { return }
        let (low, high) = (StoreLayout.commitKey(first), StoreLayout.commitKey(last.next))
        try store.scan(.commits, from: low, upTo: high, descending: descending) { _, value throws(StoreError) in
            try visit(HistoryRecord(stored: value))
        }
    }

    /// What `id` was before the commit `revision`, which changed it; nil if it did not, or that is forgotten.
    func version(of id: ObjectID, before revision: Revision) throws(StoreError) -> PastVersion? {
        try store.value(.versions, key: StoreLayout.versionKey(id, revision)).flatMap(PastVersion.init(encoded:))
    }

    /// What `id` was in the state `revision`, if it has changed since; nil if it is now as it was then.
    func version(of id: ObjectID, at revision: Revision) throws(StoreError) -> PastVersion? {
        var version: PastVersion?
        try scan(id, from: revision.next, through: Revision(.max), descending: false) { _, value in
            version = PastVersion(encoded: Array(value))
            return false
        }
        return version
    }

    /// The commits that changed `id`, newest first.
    ///
    /// - Parameters:
    ///   - last: the newest wanted.
    ///   - limit: the most wanted.
    func revisions(of id: ObjectID, through last: Revision, limit: Int) throws(StoreError) -> [Revision] {
        var revisions: [Revision] = []
        guard limit > 0 else { return [] }
        try scan(id, from: .zero, through: last, descending: true) { revision, _ in
            revisions.append(revision)
            return revisions.count < limit
        }
        return revisions
    }

    private func scan(
        _ id: ObjectID, from first: Revision, through last: Revision, descending: Bool,
        _ visit: (Revision, UnsafeRawBufferPointer) -> Bool
    ) throws(StoreError) {
        guard first <= last else { return }
        let low = StoreLayout.versionKey(id, first)
        // One byte more than the last key sorts right after it.
        let high = StoreLayout.versionKey(id, last) + [0]
        try store.scan(.versions, from: low, upTo: high, descending: descending) { key, value in
            guard let revision = StoreLayout.revision(ofVersionKey: key, of: id) else { return true }
            return visit(revision, value)
        }
    }
}
