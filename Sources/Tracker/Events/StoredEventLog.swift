import JSON
import Store

/// The events of past commits, made again from what the store keeps of them.
struct StoredEventLog: EventLog {
    let history: HistoryReader
    let catalog: CatalogReference

    func oldest() async throws(EventError) -> Revision {
        try await read { history throws(StoreError) in try history.start() }
    }

    func groups(
        after revision: Revision, through last: Revision, count: Int
    ) async throws(EventError) -> [EventGroup] {
        try await read { history throws(StoreError) in
            var groups: [EventGroup] = []
            var size = 0
            try history.records(from: revision.next, through: last) { record throws(StoreError) in
                let group = EventGroup(record.revision, try history.events(of: record, catalog.current))
                groups.append(group)
                size += group.size
                return groups.count < count && size < EventReader.pageBytes
            }
            // Asked last, since what is being forgotten while it is read is missing.
            return try history.start() <= revision ? groups : []
        }
    }

    private func read<Value: Sendable>(
        _ body: @escaping @Sendable (StoredHistory) throws(StoreError) -> Value
    ) async throws(EventError) -> Value {
        do throws(TrackerError) {
            return try await history.read(body)
        } catch {
            throw .unavailable(error.messages.joined(separator: "; "))
        }
    }
}

extension StoredHistory {
    /// The events of a commit: those that ``EventMaker`` made of it when it was new.
    fileprivate func events(of record: HistoryRecord, _ catalog: Catalog) throws(StoreError) -> [Event] {
        let maker = EventMaker(
            revision: record.revision, time: "\(record.time)", principal: record.principal, catalog: catalog)
        var events: [Event] = []
        for (name, action) in record.packs {
            let id = StoreLayout.packID(name)
            let (before, after) = try versions(of: id, record.revision)
            events.append(
                maker.event(
                    pack: name, action, before: before.flatMap { Layer(encoded: $0.bytes, catalog.layers) },
                    after: after.flatMap { Layer(encoded: $0.bytes, catalog.layers) }))
        }
        for entry in record.entries {
            let (before, after) = try versions(of: entry.id, record.revision)
            if let event = maker.event(entry.id, entry.action, before: before, after: after) { events.append(event) }
        }
        return events
    }

    /// What `id` was before and after a commit that changed it.
    private func versions(
        of id: ObjectID, _ revision: Revision
    ) throws(StoreError) -> (before: JSONDocument?, after: JSONDocument?) {
        let before = try version(of: id, before: revision)?.document
        // The present is read first: if a commit comes between the two reads, the second one tells of it.
        let present = try present(id)
        let after = try version(of: id, at: revision).map(\.document) ?? present
        return (before, after)
    }

    /// What `id` is now.
    private func present(_ id: ObjectID) throws(StoreError) -> JSONDocument? {
        if let bytes = try store.value(.data, key: StoreLayout.objectKey(id)) {
            return JSONDocument(canonical: id.typeName == StoreLayout.packSection ? bytes : Array(bytes.dropFirst(8)))
        }
        let shown = try store.value(.metadata, key: StoreLayout.packObjectKey(id))
        return shown.flatMap { PastVersion(encoded: $0)?.document }
    }
}

/// The events of commits that have left memory.
protocol EventLog: Sendable {
    /// The events of every commit after this revision can be read.
    func oldest() async throws(EventError) -> Revision

    /// The events of the commits after `revision` up to and including `last`, oldest first and without gaps; at least
    /// one commit's, at most those of `count`, unless what follows `revision` has been forgotten: then none.
    func groups(
        after revision: Revision, through last: Revision, count: Int
    ) async throws(EventError) -> [EventGroup]
}
