import Basics
import JSON

/// Where things stand in the key/value store.
///
/// | keyspace | key | value |
/// |---|---|---|
/// | data | type name, NUL, key | revision (8 bytes, big-endian), canonical JSON |
/// | data | `contents`, NUL, pack name | the pack's JSON |
/// | commits | revision (8 bytes, big-endian) | bytes of history it made (8 bytes), the commit record's JSON |
/// | versions | type name, NUL, key, NUL, revision (8 bytes) | what the object was before that commit: a ``PastVersion`` |
/// | metadata | `epoch` | the store's identity: text that it gets when it is made |
/// | metadata | `epoch:` revision (8 bytes, big-endian) | the mark (8 bytes) of the opening that wrote from that revision on |
/// | metadata | `revision` | the newest commit's number |
/// | metadata | `history` | the oldest revision whose state can be told; zero if absent |
/// | metadata | `pack:` type name, NUL, key | what a pack last showed under that key: a ``PastVersion`` |
/// | metadata | `sequence:` type name | the largest number (8 bytes, big-endian) that an object of the type ever had as its key |
/// | metadata | `answer:` digest | the answer to a write that may be sent again |
/// | side | name of a ``SideKeyspace``, NUL, subject with each NUL as 00 FF, 00 01, item | bytes that a domain appended |
/// | metadata | `answered:` seconds (8 bytes), digest | nothing; finds answers by age |
///
/// Only what is no longer so goes to `versions`: the newest version of each object is in `data`, so nothing is kept twice,
/// and forgetting a commit is to remove what it put there.
enum StoreLayout {
    static let storeIDKey = Array("epoch".utf8)
    static let epochPrefix = Array("epoch:".utf8)
    static let epochEnd = Array("epoch;".utf8)
    static let revisionKey = Array("revision".utf8)
    static let historyKey = Array("history".utf8)
    static let packObjectPrefix = Array("pack:".utf8)
    static let packSection: TypeName = "contents"

    static func objectKey(_ id: ObjectID) -> [UInt8] { key(id, room: 0) }

    static func packID(_ name: String) -> ObjectID { ObjectID(packSection, ByteString(name)) }

    static func packKey(_ name: String) -> [UInt8] { objectKey(packID(name)) }

    static func packObjectKey(_ id: ObjectID) -> [UInt8] { packObjectPrefix + objectKey(id) }

    static func sequenceKey(_ typeName: TypeName) -> [UInt8] { Array("sequence:\(typeName)".utf8) }

    static func epochKey(_ first: Revision) -> [UInt8] { epochPrefix + bytes(first.number) }

    static func commitKey(_ revision: Revision) -> [UInt8] { bytes(revision.number) }

    static func versionKey(_ id: ObjectID, _ revision: Revision) -> [UInt8] {
        var key = key(id, room: 9)
        key.append(0)
        append(revision.number, to: &key)
        return key
    }

    /// The key of an object, in an array with room for more bytes.
    private static func key(_ id: ObjectID, room: Int) -> [UInt8] {
        var key: [UInt8] = []
        key.reserveCapacity(id.typeName.rawValue.utf8.count + 1 + id.key.count + room)
        key.append(contentsOf: id.typeName.rawValue.utf8)
        key.append(0)
        id.key.withUnsafeBytes { key.append(contentsOf: $0) }
        return key
    }

    /// The revision in the key of a version of `id`, or nil if the key is another object's.
    ///
    /// Keys may hold any byte, so that a range of versions may have other objects' among them; but those are longer.
    static func revision(ofVersionKey key: UnsafeRawBufferPointer, of id: ObjectID) -> Revision? {
        let length = id.typeName.rawValue.utf8.count + 1 + id.key.count + 9
        return key.count == length ? Revision(number(key.suffix(8))) : nil
    }

    static func value(of object: StoredObject) -> [UInt8] {
        var value: [UInt8] = []
        value.reserveCapacity(8 + object.document.bytes.count)
        append(object.revision.number, to: &value)
        value += object.document.bytes
        return value
    }

    /// Whether a value is the one of `object`, without making another.
    static func isValue(_ value: UnsafeRawBufferPointer, of object: StoredObject) -> Bool {
        guard value.count >= 8, Revision(value.loadUnaligned(as: UInt64.self).bigEndian) == object.revision else {
            return false
        }
        return object.document.withUnsafeBytes { $0.hasSameBytes(as: UnsafeRawBufferPointer(rebasing: value[8...])) }
    }

    /// The key after those of all objects of a type.
    static func end(of typeName: TypeName) -> [UInt8] { Array(typeName.rawValue.utf8) + [1] }

    static func bytes(_ number: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        append(number, to: &bytes)
        return bytes
    }

    static func append(_ number: UInt64, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }

    static func number(_ bytes: some Collection<UInt8>) -> UInt64 { bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }

    /// The address that a data key stands for, or nil if it is none.
    static func id(ofKey key: UnsafeRawBufferPointer) -> ObjectID? {
        guard let end = key.firstIndex(of: 0) else { return nil }
        let typeName = String(decoding: key[..<end], as: UTF8.self)
        return ObjectID(TypeName(typeName), ByteString(UnsafeRawBufferPointer(rebasing: key[(end + 1)...])))
    }
}
