import JSON

/// Taking a commit back: every object becomes what it was before, past all rules that hold for it now.
extension Draft {
    /// Makes everything what it was before a commit.
    ///
    /// - Parameters:
    ///   - changes: what the commit did to objects.
    ///   - packs: what it did to content packs.
    /// - Throws: what keeps an object from being what it was: `stillInUse`, `invalid`, `locked`, `packRefused`, `notFound` if the
    ///   server does not have its type any more.
    public mutating func restore(_ changes: [RecordedChange], packs: [RecordedChange]) throws(TrackerError) {
        isRestoring = true
        defer { isRestoring = false }
        // Keys come first: what they seal is looked at when it comes back.
        for change in changes where view.catalog[change.id.typeName]?.isSecret == true { try restore(change) }
        for change in packs {
            if let pack = change.before.pack(view.catalog.layers) {
                _ = try push(pack)
            } else if view.stack[change.id.key.string] != nil {
                try removePack(change.id.key.string)
            }
        }
        var attempt = self
        do throws(TrackerError) {
            for change in changes.reversed() { try attempt.restore(change) }
            self = attempt
        } catch {
            try restoreInAnyOrder(changes)
        }
    }

    /// Restores what can be, again and again, until all is done: an object may be needed by one that comes first.
    private mutating func restoreInAnyOrder(_ changes: [RecordedChange]) throws(TrackerError) {
        var waiting = Array(changes.reversed())
        while !waiting.isEmpty {
            var refused: [RecordedChange] = []
            var refusal: TrackerError?
            for change in waiting {
                var attempt = self
                do throws(TrackerError) {
                    try attempt.restore(change)
                    self = attempt
                } catch {
                    refused.append(change)
                    refusal = refusal ?? error
                }
            }
            if let refusal, refused.count == waiting.count { throw refusal }
            waiting = refused
        }
    }

    private mutating func restore(_ change: RecordedChange) throws(TrackerError) {
        let type = try type(change.id.typeName)
        // What was sealed since could not be opened without the key that this commit made.
        if type.isSecret, change.before.document == nil { return }
        let present = view[change.id]
        guard let document = change.before.document, !change.before.isFromPack else {
            // What a pack shows follows from the packs, once nothing written lies over it.
            guard present?.layer == .writable else { return }
            let key = change.id.key.string
            if type.isSecret {
                try removeAsServer(change.id.typeName, at: key)
            } else {
                try remove(change.id.typeName, at: key)
            }
            return
        }
        var object = document.members
        let key = change.id.key.string
        let now = present?.object
        if !type.isSecret { try authorize(.restore, type, at: key, over: present, previous: now, after: object) }
        let previous = now ?? object
        try type.prepare(&object, context(.save, type, key: key, previous: now), in: &self)
        let stored = try validate(
            &object, context(.save, type, key: key, previous: previous), under: present?.key ?? change.id.key)
        _ = try store(stored, type, over: present, isSave: true)
    }
}
