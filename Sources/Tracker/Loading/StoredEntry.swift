public import JSON

/// Objects as stores keep them, for those who show them outside of the tracker: in files that people read.
public enum StoredEntry {
    /// What stands in front of the JSON of an object that no commit has written.
    public static let emptyHead = StoreLayout.bytes(0)

    /// The object that a key of the keyspace `data` is of; nil if it is of none of a declared type.
    public static func id(ofKey key: [UInt8], _ catalog: Catalog) -> ObjectID? {
        guard let id = key.withUnsafeBytes({ StoreLayout.id(ofKey: $0) }), catalog[id.typeName] != nil else {
            return nil
        }
        return id
    }

    /// The key of an object in the keyspace `data`.
    public static func key(of id: ObjectID) -> [UInt8] { StoreLayout.objectKey(id) }

    /// The commit that wrote an object, as bytes, and the object's JSON, hidden fields included; nil if the value is of no
    /// object.
    public static func parts(of value: [UInt8]) -> (head: [UInt8], document: JSONDocument)? {
        guard value.count > 8, JSONDocument.isCanonical(Array(value[8...])) else { return nil }
        return (Array(value[..<8]), JSONDocument(canonical: Array(value[8...])))
    }
}

extension ObjectType {
    /// What of an object may stand where anybody reads it: neither hidden fields nor secrets.
    public func shareable(_ document: JSONDocument) -> JSONDocument {
        let omitted = unsharedFields
        return omitted.isEmpty ? document : document.rewriting(omit: omitted)
    }

    /// The fields that stand in no file.
    var unsharedFields: [String] { hiddenFields + secretFields.map(\.0) }
}
