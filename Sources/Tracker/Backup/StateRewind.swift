import JSON
import Store

/// Takes a store, which nobody serves, back to an earlier revision, and forgets what history cannot tell whole.
struct StateRewind {
    private let store: any KeyValueStore
    private let start: Revision
    private let catalog: Catalog

    /// - Parameters:
    ///   - start: the oldest revision whose state can be told.
    ///   - catalog: says which objects side data belongs to.
    init(_ store: any KeyValueStore, start: Revision, _ catalog: Catalog) {
        (self.store, self.start, self.catalog) = (store, start, catalog)
    }

    /// Has the store be at `revision`.
    func run(to revision: Revision, _ transfer: inout StoreTransfer) throws(StoreError) {
        try rewindVersions(to: revision, &transfer)
        try store.forEachEntry(.commits) { (key, _) throws(StoreError) in
            let number = Revision(StoreLayout.number(key))
            if number > revision || number < start { try transfer.remove(.commits, key) }
        }
        try transfer.put(.metadata, StoreLayout.revisionKey, StoreLayout.bytes(revision.number))
        if start > .zero { try transfer.put(.metadata, StoreLayout.historyKey, StoreLayout.bytes(start.number)) }
        try removeOrphans(&transfer)
    }

    /// Gives each object that changed after `revision` back what it was then: that is the oldest of its later versions.
    private func rewindVersions(to revision: Revision, _ transfer: inout StoreTransfer) throws(StoreError) {
        var done: Set<[UInt8]> = []
        try store.forEachEntry(.versions) { (key, value) throws(StoreError) in
            let number = Revision(StoreLayout.number(key.suffix(8)))
            // Versions up to the start belong to commits that are forgotten.
            guard number > revision || number <= start else { return }
            try transfer.remove(.versions, key)
            guard number > revision else { return }
            let name = Array(key.dropLast(9))
            guard done.insert(name).inserted else { return }
            try restore(name, PastVersion(encoded: value) ?? .absent, &transfer)
        }
    }

    private func restore(
        _ name: [UInt8], _ version: PastVersion, _ transfer: inout StoreTransfer
    ) throws(StoreError) {
        let remembered = StoreLayout.packObjectPrefix + name
        if name.starts(with: Array(StoreLayout.packSection.rawValue.utf8) + [0]) {
            // Versions of packs hold them whole.
            guard let document = version.document else { return try transfer.remove(.data, name) }
            return try transfer.put(.data, name, document.bytes)
        }
        if let document = version.document, !version.isFromPack {
            try transfer.put(.data, name, StoreLayout.bytes(version.revision.number) + document.bytes)
            try transfer.remove(.metadata, remembered)
        } else {
            try transfer.remove(.data, name)
            if version.isFromPack {
                try transfer.put(.metadata, remembered, version.encoded)
            } else {
                try transfer.remove(.metadata, remembered)
            }
        }
    }

    /// Takes away side data of objects that there are not any more.
    private func removeOrphans(_ transfer: inout StoreTransfer) throws(StoreError) {
        try transfer.flush()
        try store.forEachEntry(.side) { (key, _) throws(StoreError) in
            guard let (name, subject, _) = key.withUnsafeBytes({ StoreLayout.sideKey($0) }),
                let owner = catalog.sideKeyspace(name)?.owner
            else { return }
            let id = ObjectID(owner, subject)
            if try store.value(.data, key: StoreLayout.objectKey(id)) != nil { return }
            if try store.value(.metadata, key: StoreLayout.packObjectKey(id)) != nil { return }
            try transfer.remove(.side, key)
        }
    }
}
