import JSON

/// All objects of one type as they look through the layers: a primary order and secondary indexes.
///
/// A value: copying is O(1), and a copy never changes under its holder. A change costs O(log n) for the primary order and
/// for each index whose value it alters.
public struct Table: Sendable {
    /// The type's declaration.
    public let type: ObjectType
    /// The effective objects, by key.
    public private(set) var objects = ObjectMap()
    /// One for each of the type's kept indexes.
    var indexes: BoxedArray<SecondaryIndex>
    /// The number of objects that packs supply, not the writable layer.
    public private(set) var packObjectCount = 0

    /// An empty table.
    init(_ type: ObjectType) {
        self.type = type
        indexes = BoxedArray(type.indexPlan.mayOmit.map { SecondaryIndex(mayOmit: $0) })
    }

    /// A table of `objects`, none of which a pack supplies, and which `indexes` list.
    init(_ type: ObjectType, objects: ObjectMap, indexes: [SecondaryIndex]) {
        self.type = type
        self.objects = objects
        self.indexes = BoxedArray(indexes)
    }

    /// The number of objects.
    public var count: Int { objects.count }

    /// The object under `key`.
    public subscript(key: ByteString) -> StoredObject? { objects[key] }

    /// Puts `object` in the place of whatever has its key.
    mutating func put(_ object: StoredObject) {
        let old = objects.updateValue(object, forKey: object.key)
        packObjectCount += (object.isFromPack ? 1 : 0) - (old?.isFromPack == true ? 1 : 0)
        reindex(object.key, from: old?.document, to: object.document)
    }

    /// Takes out what is under `key`.
    mutating func remove(_ key: ByteString) {
        guard let old = objects.removeValue(forKey: key) else { return }
        packObjectCount -= old.isFromPack ? 1 : 0
        reindex(key, from: old.document, to: nil)
    }

    /// Puts `object` in the place of one that says the same.
    mutating func restamp(_ object: StoredObject) { objects.updateValue(object, forKey: object.key) }

    private mutating func reindex(_ key: ByteString, from old: JSONDocument?, to new: JSONDocument?) {
        let oldValues = old.map { type.indexPlan.values(in: $0) }
        let newValues = new.map { type.indexPlan.values(in: $0) }
        for position in indexes.indices {
            indexes[position].move(key, from: oldValues?[position], to: newValues?[position])
        }
        if old == nil, objects.count == SecondaryIndex.choosingCount {
            for position in indexes.indices { indexes[position].choosePrevailing(of: objects) }
        }
    }
}

extension Table {
    /// The kept index of `source`, or nil.
    func index(of source: IndexDeclaration.Source) -> SecondaryIndex? {
        type.keptIndexes.firstIndex { $0.source == source }.map { indexes[$0] }
    }

    /// The rows that the kept index of `source` has under `value`; nil if it has none, or there is no such index.
    func rows(where source: IndexDeclaration.Source, is value: ByteString) -> IndexedRows? {
        index(of: source)?.rows(value, of: objects)
    }

    /// The key of the one object whose unique index `declaration` has the value that `text` means.
    func key(_ declaration: IndexDeclaration, _ text: String) -> ByteString? {
        let isKey = declaration.source == .key || declaration.source == .field(type.key.field) && !type.key.isDerived
        if isKey {
            let key = ByteString(type.key.fromPath(text))
            return objects[key] == nil ? nil : key
        }
        guard let value = IndexReader.value(ofText: text, declaration.kind) else { return nil }
        return rows(where: declaration.source, is: value)?.first
    }
}
