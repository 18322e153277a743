public import Basics
import JSON
import Store

/// What one revision changed, who did it and why: durable, and the source of events and history.
public struct CommitRecord: Sendable {
    /// The revision.
    public let revision: Revision
    /// When it was drafted.
    public let time: Timestamp
    /// On whose behalf, and why.
    public let request: TrackerRequest
    /// One change an object.
    public let changes: [ObjectChange]
    /// What happened to packs, by name.
    let packs: [Identifier: PackChange]
    /// The sequences that went on, and how far.
    var raisedNumbers: [TypeName: Int64] = [:]

    /// The record's JSON: which objects and packs changed, not what they were or are.
    var header: [UInt8] {
        var writer = JSONWriter(capacity: 256 + 96 * changes.count)
        writer.append(plain: "{\"changes\":[")
        for index in changes.indices {
            if index > 0 { writer.append(UInt8(ascii: ",")) }
            writer.append(plain: "{\"action\":")
            writer.append(quoted: changes[index].action.rawValue)
            writer.append(plain: ",\"key\":")
            writer.append(quoted: changes[index].id.key.storedText)
            writer.append(plain: ",\"type\":")
            writer.append(quoted: changes[index].id.typeName.rawValue)
            writer.append(UInt8(ascii: "}"))
        }
        writer.append(plain: "],\"packs\":")
        let packs = packs.sorted { $0.key < $1.key }.map { name, change -> JSONValue in
            ["action": .string(change.action.rawValue), "name": .string(name.text)]
        }
        writer.append(.array(packs))
        writer.append(plain: ",\"principal\":")
        writer.append(quoted: request.principal)
        writer.append(plain: ",\"reason\":")
        writer.append(quoted: request.reason)
        writer.append(plain: ",\"request\":")
        writer.append(quoted: request.id)
        writer.append(plain: ",\"revision\":")
        writer.append(decimal: Int64(clamping: revision.number))
        writer.append(plain: ",\"time\":")
        writer.append(quoted: time.description)
        writer.append(UInt8(ascii: "}"))
        return writer.array()
    }
}

extension CommitRecord {
    /// The record of what a draft did to objects and packs; nil if it did nothing.
    init?(of draft: Draft, _ changes: [ObjectChange], at time: Timestamp) {
        if changes.isEmpty, draft.packs.isEmpty { return nil }
        self.init(
            revision: draft.revision, time: time, request: draft.request, changes: changes, packs: draft.packs,
            raisedNumbers: draft.raisedNumbers)
    }
}

extension CommitRecord {
    /// Adds everything the store must hold once this revision is durable.
    ///
    /// - Parameter keepsHistory: whether that is also what was before. If not, there is only the newest commit, which tells since
    ///   when the state is so.
    func add(to batch: inout WriteBatch, keepingHistory keepsHistory: Bool = true) {
        for change in changes { Self.add(change, to: &batch) }
        for (name, change) in packs where (change.after ?? change.before)?.kind.isStored == true {
            let key = StoreLayout.packKey(name.text)
            if let layer = change.after {
                batch.put(.data, key: key, value: layer.encoded)
            } else {
                batch.remove(.data, key: key)
            }
        }
        for (typeName, number) in raisedNumbers { batch.put(number, of: typeName) }
        let header = header
        let size = (keepsHistory ? addVersions(to: &batch) : 0) + header.count
        batch.put(
            .commits, key: StoreLayout.commitKey(revision), value: StoreLayout.bytes(UInt64(size)) + header)
        batch.put(.metadata, key: StoreLayout.revisionKey, value: StoreLayout.bytes(revision.number))
        guard !keepsHistory, revision > .zero else { return }
        batch.remove(.commits, key: StoreLayout.commitKey(Revision(revision.number - 1)))
        batch.put(.metadata, key: StoreLayout.historyKey, value: StoreLayout.bytes(revision.number))
    }

    /// Adds what all that changed was before.
    ///
    /// - Returns: how many bytes of keys and values that takes.
    private func addVersions(to batch: inout WriteBatch) -> Int {
        let before = batch.byteCount
        for change in changes {
            let key = StoreLayout.versionKey(change.id, revision)
            batch.put(.versions, key: key, value: PastVersion(change.before).encoded)
        }
        for (name, change) in packs {
            let key = StoreLayout.versionKey(StoreLayout.packID(name.text), revision)
            batch.put(.versions, key: key, value: PastVersion(pack: change.before).encoded)
        }
        return batch.byteCount - before
    }

    private static func add(_ change: ObjectChange, to batch: inout WriteBatch) {
        let isWritten = change.after?.layer == .writable
        if let after = change.after, isWritten {
            batch.put(.data, key: StoreLayout.objectKey(change.id), value: StoreLayout.value(of: after))
        } else if change.before?.layer == .writable {
            batch.remove(.data, key: StoreLayout.objectKey(change.id))
        }
        if let after = change.after, !isWritten {
            batch.put(.metadata, key: StoreLayout.packObjectKey(change.id), value: PastVersion(after).encoded)
        } else if let before = change.before, before.layer != .writable {
            batch.remove(.metadata, key: StoreLayout.packObjectKey(change.id))
        }
    }
}
