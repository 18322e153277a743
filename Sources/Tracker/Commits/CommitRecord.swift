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
    let packs: [String: PackChange]

    /// The record's JSON: which objects and packs changed, not what they were or are.
    var header: [UInt8] {
        var bytes: [UInt8] = Array("{\"changes\":[".utf8)
        bytes.reserveCapacity(256 + 96 * changes.count)
        for (index, change) in changes.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += Array("{\"action\":\"\(change.action.rawValue)\",\"key\":".utf8)
            JSONValue.string(change.id.key.string).write(into: &bytes)
            bytes += Array(",\"type\":\"\(change.id.prefix)\"}".utf8)
        }
        bytes += Array("],\"packs\":".utf8)
        let packs = packs.sorted { $0.key < $1.key }.map { name, change -> JSONValue in
            ["action": .string(change.action.rawValue), "name": .string(name)]
        }
        JSONValue.array(packs).write(into: &bytes)
        for (name, text) in [("principal", request.principal), ("reason", request.reason), ("request", request.id)] {
            bytes += Array(",\"\(name)\":".utf8)
            JSONValue.string(text).write(into: &bytes)
        }
        bytes += Array(",\"revision\":\(revision),\"time\":\"\(time)\"}".utf8)
        return bytes
    }
}

extension CommitRecord {
    /// Adds everything the store must hold once this revision is durable.
    func add(to batch: inout WriteBatch) {
        for change in changes { Self.add(change, to: &batch) }
        for (name, change) in packs where (change.after ?? change.before)?.kind == .dynamic {
            let key = StoreLayout.packKey(name)
            if let layer = change.after {
                batch.put(.data, key: key, value: layer.encoded)
            } else {
                batch.remove(.data, key: key)
            }
        }
        let header = header
        let size = addVersions(to: &batch) + header.count
        batch.put(
            .commits, key: StoreLayout.commitKey(revision), value: StoreLayout.bytes(UInt64(size)) + header)
        batch.put(.metadata, key: StoreLayout.revisionKey, value: StoreLayout.bytes(revision.number))
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
            let key = StoreLayout.versionKey(StoreLayout.packID(name), revision)
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
