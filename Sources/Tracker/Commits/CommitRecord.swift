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
    /// Packs put, or removed where nil, by name.
    let packs: [String: Layer?]

    /// The bytes that the store keeps: the objects' own JSON, set into the record as it is.
    var encoded: [UInt8] {
        var bytes: [UInt8] = Array("{\"changes\":[".utf8)
        bytes.reserveCapacity(changes.reduce(256) { $0 + Self.size(of: $1) })
        for (index, change) in changes.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            Self.write(change, into: &bytes)
        }
        bytes += Array("],\"principal\":".utf8)
        JSONValue.string(request.principal).write(into: &bytes)
        bytes += Array(",\"reason\":".utf8)
        JSONValue.string(request.reason).write(into: &bytes)
        bytes += Array(",\"request\":".utf8)
        JSONValue.string(request.id).write(into: &bytes)
        bytes += Array(",\"revision\":\(revision),\"time\":\"\(time)\"}".utf8)
        return bytes
    }

    private static func size(of change: ObjectChange) -> Int {
        128 + (change.before?.document.bytes.count ?? 0) + (change.after?.document.bytes.count ?? 0)
    }

    private static func write(_ change: ObjectChange, into bytes: inout [UInt8]) {
        bytes += Array("{\"action\":\"\(change.action.rawValue)\",\"after\":".utf8)
        bytes += change.after?.document.bytes ?? Array("null".utf8)
        bytes += Array(",\"before\":".utf8)
        bytes += change.before?.document.bytes ?? Array("null".utf8)
        bytes += Array(",\"key\":".utf8)
        JSONValue.string(change.id.key.string).write(into: &bytes)
        bytes += Array(",\"type\":\"\(change.id.prefix)\"}".utf8)
    }
}

extension CommitRecord {
    /// Adds everything the store must hold once this revision is durable.
    func add(to batch: inout WriteBatch) {
        for change in changes { Self.add(change, to: &batch) }
        for (name, layer) in packs where layer?.kind ?? .dynamic == .dynamic {
            let key = StoreLayout.packKey(name)
            if let layer { batch.put(.data, key: key, value: layer.encoded) } else { batch.remove(.data, key: key) }
        }
        batch.put(.commits, key: StoreLayout.commitKey(revision), value: encoded)
        batch.put(.metadata, key: StoreLayout.revisionKey, value: StoreLayout.bytes(revision.number))
    }

    private static func add(_ change: ObjectChange, to batch: inout WriteBatch) {
        let isWritten = change.after?.layer == .writable
        if let after = change.after, isWritten {
            batch.put(.data, key: StoreLayout.objectKey(change.id), value: StoreLayout.value(of: after))
        } else if change.before?.layer == .writable {
            batch.remove(.data, key: StoreLayout.objectKey(change.id))
        }
        if let after = change.after, !isWritten {
            batch.put(.metadata, key: StoreLayout.packObjectKey(change.id), value: StoreLayout.fingerprint(after))
        } else if let before = change.before, before.layer != .writable {
            batch.remove(.metadata, key: StoreLayout.packObjectKey(change.id))
        }
    }
}
