import Basics
import JSON

/// All objects of one type as they look through the layers: a primary order and secondary indexes.
///
/// A value: copying is O(1), and a copy never changes under its holder. A change costs O(log n) for the primary order and
/// for each index whose value it alters.
public struct Table: Sendable {
    /// The type's declaration.
    public private(set) var type: ObjectType
    /// The effective objects, by key.
    public private(set) var objects = ObjectMap()
    /// One for each of the type's kept indexes.
    var indexes: BoxedArray<SecondaryIndex>
    /// One for each of the type's interval declarations.
    var intervals: [IntervalIndex]
    /// The number of objects that packs supply, not the writable layer.
    public private(set) var packObjectCount = 0

    /// The largest number that the type's sequence has come to.
    var largestNumber: Int64 = 0

    /// An empty table.
    init(_ type: ObjectType) {
        self.type = type
        indexes = BoxedArray(type.indexPlan.mayOmit.map { SecondaryIndex(mayOmit: $0) })
        intervals = type.intervals.map { _ in IntervalIndex() }
    }

    /// A table of `objects`, none of which a pack supplies, and which `indexes` and `intervals` list.
    init(_ type: ObjectType, objects: ObjectMap, indexes: [SecondaryIndex], intervals: [IntervalIndex]) {
        self.type = type
        self.objects = objects
        self.indexes = BoxedArray(indexes)
        self.intervals = intervals
    }

    /// The table of the same objects and indexes as `other`, whose type has another declaration.
    init(_ type: ObjectType, like other: Table) {
        self = other
        self.type = type
    }

    /// The number of objects.
    public var count: Int { objects.count }

    /// The object under `key`.
    public subscript(key: ByteString) -> StoredObject? { objects[key] }

    /// Visits all objects in the order of their keys until `body` answers false.
    public func forEachObject(_ body: (StoredObject) -> Bool) {
        objects.tree.walk(0..<count, descending: false) { body($0.pointee.value) }
    }

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
        let plan = type.indexPlan
        switch (old, new) {
        case (nil, let new?): plan.withFields(of: new) { list(key, $0) }
        case (let old?, nil): plan.withFields(of: old) { unlist(key, $0) }
        case (let old?, let new?):
            plan.withFields(of: old) { before in plan.withFields(of: new) { after in relist(key, before, after) } }
        case (nil, nil): break
        }
        for position in intervals.indices {
            let declaration = type.intervals[position]
            let (before, after) = (old.map(declaration.read), new.map(declaration.read))
            intervals[position].move(key, from: before?.interval, to: after?.interval)
        }
        if old == nil, objects.count == SecondaryIndex.choosingCount {
            for position in indexes.indices { indexes[position].choosePrevailing(of: objects) }
        }
    }
}

/// Indexes are looked at before they are changed: one that has nothing to change is not copied either.
extension Table {
    /// The texts of the fields that indexes draw on, step by step of the plan.
    private typealias Fields = UnsafeBufferPointer<UnsafeRawBufferPointer>

    private mutating func list(_ key: ByteString, _ fields: Fields) {
        let plan = type.indexPlan
        plan.forEachIndex { position, step in
            guard !indexes[position].impliesValues(of: plan.declarations[position], in: fields[step]) else { return }
            indexes[position].move(key, from: nil, to: plan.values(at: position, in: fields[step]))
        }
    }

    private mutating func unlist(_ key: ByteString, _ fields: Fields) {
        let plan = type.indexPlan
        plan.forEachIndex { position, step in
            guard !indexes[position].impliesValues(of: plan.declarations[position], in: fields[step]) else { return }
            indexes[position].move(key, from: plan.values(at: position, in: fields[step]), to: nil)
        }
    }

    private mutating func relist(_ key: ByteString, _ before: Fields, _ after: Fields) {
        let plan = type.indexPlan
        plan.forEachIndex { position, step in
            guard !before[step].hasSameBytes(as: after[step]) else { return }
            let values = plan.values(at: position, in: before[step])
            indexes[position].move(key, from: values, to: plan.values(at: position, in: after[step]))
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
        if type.key.isKey(declaration) {
            let key = type.key.bytes(ofPath: text)
            return objects[key] == nil ? nil : key
        }
        guard let value = IndexReader.value(ofText: text, declaration.kind) else { return nil }
        return rows(where: declaration.source, is: value)?.first
    }
}
