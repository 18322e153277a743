import Store

/// Types that come while the tracker runs.
extension DataTracker {
    /// Has the tracker know the types of another catalog: all that it knows by now, some of them declared anew, and further ones.
    /// What the store holds of those is read; objects of types that are declared anew stay as they are, under new indexes.
    ///
    /// Everybody else waits meanwhile, as long as reading those objects and making those indexes takes. A type that is missing in
    /// `catalog` is a programmer error.
    /// - Throws: `unavailable` when the store cannot be read, `cancelled` when the task was while it waited for others.
    public nonisolated func adopt(_ catalog: Catalog) async throws(TrackerError) {
        let ticket = try await locks.acquire(.everything, for: .system("object types"))
        defer { locks.release(ticket) }
        try await exchange(catalog)
    }

    private func exchange(_ catalog: Catalog) throws(TrackerError) {
        flush()
        let state: Snapshot
        do throws(StoreError) {
            state = try newest.under(catalog, readingFrom: store)
        } catch {
            throw TrackerError(.unavailable, "", "Objects of further types cannot be read: \(error)")
        }
        head = state
        committer.replace(by: state)
        types.replace(by: catalog)
    }
}

extension Snapshot {
    /// The same state under another catalog.
    ///
    /// - Parameter store: has the objects of types that are new.
    fileprivate func under(_ catalog: Catalog, readingFrom store: any KeyValueStore) throws(StoreError) -> Snapshot {
        for type in self.catalog.types {
            precondition(catalog[type.typeName] != nil, "the type \(type.typeName) was there and is no more")
        }
        var state = Snapshot(catalog, stack: stack)
        (state.revision, state.epochs) = (revision, epochs)
        var tables: [Table] = []
        for type in catalog.types {
            if let position = self.catalog.position(type.typeName) {
                tables.append(self.tables[position].declared(as: type))
            } else {
                tables.append(try Table(type, readFrom: store))
            }
        }
        state.tables = BoxedArray(tables)
        return state
    }
}

extension Table {
    /// The table of the same objects under another declaration of their type.
    fileprivate func declared(as type: ObjectType) -> Table {
        if type.keptIndexes == self.type.keptIndexes, type.intervals.isEmpty, self.type.intervals.isEmpty {
            return Table(type, like: self)
        }
        var table = Table(type)
        table.largestNumber = largestNumber
        forEachObject { object in
            table.put(object)
            return true
        }
        return table
    }

    /// The table of what a store holds of a type.
    fileprivate init(_ type: ObjectType, readFrom store: any KeyValueStore) throws(StoreError) {
        self.init(type)
        let start = StoreLayout.objectKey(ObjectID(type.typeName, ByteString("")))
        var objects: [StoredObject] = []
        try store.scan(.data, from: start, upTo: StoreLayout.end(of: type.typeName)) {
            (key, value) throws(StoreError) in
            guard let id = StoreLayout.id(ofKey: key), let parts = StoredEntry.parts(of: Array(value)) else {
                throw StoreError(.corrupt, "an object of the type \(type.typeName) in \(store.locator) cannot be read")
            }
            let revision = Revision(StoreLayout.number(parts.head))
            objects.append(StoredObject(key: id.key, document: parts.document, revision: revision, layer: .writable))
            return true
        }
        for object in objects { put(object) }
    }
}
