import JSON
public import Store

/// What came of changes that people made to a store's files while nobody had it open.
public struct FoundChangesOutcome: Sendable {
    /// How many objects they changed.
    public internal(set) var adopted = 0
    /// Files that were set aside, each with the reason.
    public internal(set) var setAside: [String] = []
}

extension DataTracker {
    /// Takes over what people did to the files of a store, as one commit with the reason `found changed on disk`.
    ///
    /// - Parameter isRepairing: whether files that are refused are moved away, and the others taken over one by one.
    /// - Throws: `corrupt` naming the first file that is refused, unless those are to be moved away; `unavailable`.
    public nonisolated func adoptFoundChanges(settingAside isRepairing: Bool) async throws(StoreError)
        -> FoundChangesOutcome
    {
        var outcome = FoundChangesOutcome()
        guard let store = store as? any HandEditedStore else { return outcome }
        let changes = store.foundChanges
        guard !changes.isEmpty else { return outcome }
        do throws(TrackerError) {
            try await adopt(changes)
            outcome.adopted = changes.count
            return outcome
        } catch {
            guard error.code != .unavailable else { throw StoreError(.unavailable, "\(error)") }
            guard isRepairing else {
                throw StoreError(
                    .corrupt,
                    "files that were changed by hand are refused: \(error.messages.joined(separator: "; ")). "
                        + "Mend them; with --repair those that are refused are moved away")
            }
        }
        for change in changes {
            do throws(TrackerError) {
                try await adopt([change])
                outcome.adopted += 1
            } catch {
                guard error.code != .unavailable else { throw StoreError(.unavailable, "\(error)") }
                let paths = try store.setAside([change])
                outcome.setAside.append(
                    "\(change.path) is now \(paths.first ?? "as before"): \(error.messages.joined(separator: "; "))")
            }
        }
        return outcome
    }

    private nonisolated func adopt(_ changes: [FoundChange]) async throws(TrackerError) {
        _ = try await commit(.system("found changed on disk")) { draft throws(TrackerError) in
            // What is new first, since what was there before may name it now.
            for change in changes.sorted(by: { $0.rank(in: draft.view) < $1.rank(in: draft.view) }) {
                do throws(TrackerError) { try draft.adopt(change) } catch {
                    var error = error
                    error.messages = error.messages.map { "\(change.path): \($0)" }
                    throw error
                }
            }
        }
    }
}

extension FoundChange {
    /// New objects before changed ones before those that are gone.
    fileprivate func rank(in view: Snapshot) -> Int {
        object == nil ? 2 : view.contains(TypeName(place.folder), place.name) ? 1 : 0
    }
}

extension Draft {
    /// Has an object be as a file says.
    fileprivate mutating func adopt(_ change: FoundChange) throws(TrackerError) {
        let (typeName, key) = (TypeName(change.place.folder), change.place.name)
        let old = view.object(typeName, key).flatMap { $0.layer == .writable ? $0 : nil }
        guard let object = change.object else {
            if old != nil { try removeAsServer(typeName, at: key) }
            return
        }
        guard old != nil else {
            try adopt(typeName, object)
            return
        }
        let unshared = try type(typeName).unsharedFields
        try updateAsServer(typeName, at: key) { current in
            var changed = object
            // What stands in no file stays as it is.
            for field in unshared where changed[field] == nil { changed[field] = current[field] }
            current = changed
        }
    }
}
