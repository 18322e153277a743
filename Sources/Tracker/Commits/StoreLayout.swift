import JSON

/// Where things stand in the key/value store.
///
/// | keyspace | key | value |
/// |---|---|---|
/// | data | prefix, NUL, key | revision (8 bytes, big-endian), canonical JSON |
/// | data | `contents`, NUL, pack name | the pack's JSON |
/// | commits | revision (8 bytes, big-endian) | the commit record's JSON |
/// | metadata | `epoch` | text that a store gets when it is made |
/// | metadata | `revision` | the newest commit's number |
/// | metadata | `pack:` prefix, NUL, key | fingerprint of what a pack last showed under that key |
enum StoreLayout {
    static let epochKey = Array("epoch".utf8)
    static let revisionKey = Array("revision".utf8)
    static let packObjectPrefix = Array("pack:".utf8)
    static let packSection: Prefix = "contents"

    static func objectKey(_ id: ObjectID) -> [UInt8] { Array(id.prefix.rawValue.utf8) + [0] + id.key.bytes }

    static func packKey(_ name: String) -> [UInt8] { objectKey(ObjectID(packSection, ByteString(name))) }

    static func packObjectKey(_ id: ObjectID) -> [UInt8] { packObjectPrefix + objectKey(id) }

    static func commitKey(_ revision: Revision) -> [UInt8] { bytes(revision.number) }

    static func value(of object: StoredObject) -> [UInt8] { bytes(object.revision.number) + object.document.bytes }

    /// Tells whether a pack's object looks as it did when the process last ran.
    static func fingerprint(_ object: StoredObject) -> [UInt8] { Array(object.etag.utf8) }

    static func bytes(_ number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * $0)) }
    }

    static func number(_ bytes: some Collection<UInt8>) -> UInt64 { bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }

    /// The address that a data key stands for, or nil if it is none.
    static func id(ofKey key: UnsafeRawBufferPointer) -> ObjectID? {
        guard let end = key.firstIndex(of: 0) else { return nil }
        let prefix = String(decoding: key[..<end], as: UTF8.self)
        return ObjectID(Prefix(prefix), ByteString(UnsafeRawBufferPointer(rebasing: key[(end + 1)...])))
    }
}
