import Basics
import JSON

/// The immutable state at a revision; reading one takes no lock and never waits.
public struct Snapshot: Sendable {
    /// The commit whose result this is.
    public internal(set) var revision: Revision
    /// Which opening of the store wrote which revisions.
    public internal(set) var epochs = Epochs()
    /// The object types.
    public let catalog: Catalog
    /// The layers below the writable one, and the writable one itself.
    public internal(set) var stack: LayerStack
    /// One table a type, in the catalog's order.
    var tables: BoxedArray<Table>
    /// Told what is looked at, if that matters: in drafts that are made under locks.
    var watch: DraftWatch?

    /// An empty state.
    init(_ catalog: Catalog, stack: LayerStack) {
        self.catalog = catalog
        self.stack = stack
        revision = .zero
        tables = BoxedArray(catalog.types.map { Table($0) })
    }

    /// The table of a type, or nil if no type has that type name.
    public subscript(typeName: TypeName) -> Table? {
        guard let position = catalog.position(typeName) else { return nil }
        watch?.read(position)
        return tables[position]
    }

    /// The number of objects of all types.
    public var objectCount: Int { tables.reduce(0) { $0 + $1.count } }

    /// The object of that type and primary key.
    public subscript(id: ObjectID) -> StoredObject? {
        guard let position = catalog.position(id.typeName) else { return nil }
        watch?.read(position, key: id.key)
        return tables[position].objects[id.key]
    }

    /// The validator of an object of this state.
    public func etag(of object: StoredObject) -> String { epochs.etag(of: object) }

    /// The object of that type and primary key.
    public func object(_ typeName: TypeName, _ key: String) -> StoredObject? {
        catalog[typeName].flatMap { self[ObjectID(typeName, $0.key.bytes(key))] }
    }

    /// Whether there is an object of that type and primary key.
    public func contains(_ typeName: TypeName, _ key: String) -> Bool { object(typeName, key) != nil }

    /// The object that a key in a URL means: a primary key in any accepted spelling, or `<Index>:<value>` for a unique
    /// index (C §2).
    public func resolve(_ typeName: TypeName, _ path: String) -> StoredObject? {
        guard let type = catalog[typeName] else { return nil }
        if let object = self[ObjectID(typeName, type.key.bytes(ofPath: path))] { return object }
        guard let colon = path.firstByteIndex(of: ":") else { return nil }
        guard let index = type.index(named: String(path[..<colon])), index.isUnique, let table = self[typeName] else {
            return nil
        }
        return table.key(index, String(path[path.utf8.index(after: colon)...])).flatMap { table[$0] }
    }

    /// The keys of the objects of `typeName` whose field `source` has `value`, ascending; empty if no index keeps the field.
    public func keys(_ typeName: TypeName, where source: IndexDeclaration.Source, is value: String) -> [ByteString] {
        keys(typeName, where: source, is: ByteString(value))
    }

    /// The keys of the objects of `typeName` whose field `source` has the value that `text` spells in any form, ascending;
    /// empty if no index keeps the field, or the text spells none.
    public func keys(_ typeName: TypeName, where source: IndexDeclaration.Source, spelled text: String) -> [ByteString]
    {
        guard let declaration = catalog[typeName]?.keptIndexes.first(where: { $0.source == source }),
            let value = IndexReader.value(ofText: text, declaration.kind)
        else { return [] }
        return keys(typeName, where: source, is: value)
    }

    /// The keys of the objects of `typeName` whose field `source` names the object `id`, ascending; empty if no index keeps the
    /// field.
    public func keys(_ typeName: TypeName, where source: IndexDeclaration.Source, names id: ObjectID) -> [ByteString] {
        guard let declaration = catalog[typeName]?.keptIndexes.first(where: { $0.source == source }) else {
            return []
        }
        return keys(typeName, where: source, is: declaration.kind.value(naming: id.key))
    }

    /// The keys of the objects of `typeName` whose flag `source` is `value`, ascending; empty if no index keeps the field.
    public func keys(_ typeName: TypeName, where source: IndexDeclaration.Source, is value: Bool) -> [ByteString] {
        keys(typeName, where: source, is: IndexValue.boolean(value))
    }

    /// Visits the objects of `typeName` that have a value of `source`, in the order of values and then of keys, until `body`
    /// answers false; O(log n) to begin. If no index keeps the field, nothing is visited.
    ///
    /// - Parameter descending: whether to begin with the greatest value.
    public func forEachObject(
        _ typeName: TypeName, inOrderOf source: IndexDeclaration.Source, descending: Bool = false,
        _ body: (StoredObject) -> Bool
    ) {
        guard let table = self[typeName], let index = table.index(of: source) else { return }
        index.forEachRow(descending: descending, of: table.objects, body)
    }

    /// The values of `source` among the objects of `typeName` that pass `isSeen`, ascending; of each value, objects are looked at
    /// until one passes. None if no index keeps the field.
    public func values(
        of source: IndexDeclaration.Source, of typeName: TypeName, where isSeen: (StoredObject) -> Bool
    ) -> [ByteString] {
        guard let table = self[typeName], let index = table.index(of: source) else { return [] }
        var values: [ByteString] = []
        index.forEachValue(of: table.objects) { value, rows in
            rows.forEachRow(skipping: 0, descending: false, of: table.objects) { row in
                guard isSeen(row) else { return true }
                values.append(value)
                return false
            }
            return true
        }
        return values
    }

    /// Whether the flag `source` of any object of `typeName` is `value`; true also if no index keeps the field.
    public func mayHave(_ typeName: TypeName, where source: IndexDeclaration.Source, is value: Bool) -> Bool {
        guard let table = self[typeName], table.count > 0 else { return false }
        guard let index = table.index(of: source) else { return true }
        return index.rows(IndexValue.boolean(value), of: table.objects) != nil
    }

    private func keys(
        _ typeName: TypeName, where source: IndexDeclaration.Source, is value: ByteString
    ) -> [ByteString] {
        guard let position = catalog.position(typeName),
            let index = catalog.types[position].keptIndexes.firstIndex(where: { $0.source == source })
        else { return [] }
        return keys(position, index: index, value)
    }

    /// The keys of the objects that the kept index `index` of the type at `position` has under `value`, ascending.
    func keys(_ position: Int, index: Int, _ value: ByteString) -> [ByteString] {
        watch?.read(position, index: index, value: value)
        let table = tables[position]
        return table.indexes[index].rows(value, of: table.objects)?.keys(of: table.objects) ?? []
    }
}

/// An array of large values, each in a box of its own. Copying the array counts one reference an element, whatever is in it,
/// and changing an element of a copy copies that one alone.
///
/// `@unchecked Sendable` is sound: a box is written only while a single array refers to it.
struct BoxedArray<Element: Sendable>: @unchecked Sendable {
    private final class Box {
        var value: Element

        init(_ value: Element) { self.value = value }
    }

    private var boxes: [Box]

    /// The array of `elements`.
    init(_ elements: some Sequence<Element>) { boxes = elements.map { Box($0) } }
}

extension BoxedArray: RandomAccessCollection, MutableCollection {
    var startIndex: Int { boxes.startIndex }
    var endIndex: Int { boxes.endIndex }

    subscript(position: Int) -> Element {
        _read { yield boxes[position].value }
        _modify {
            if !isKnownUniquelyReferenced(&boxes[position]) { boxes[position] = Box(boxes[position].value) }
            yield &boxes[position].value
        }
    }
}
