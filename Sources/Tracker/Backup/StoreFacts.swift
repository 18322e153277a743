public import JSON
public import Store

/// What a store that nobody serves holds, and how large that is.
public struct StoreFacts: Sendable {
    /// The entries of one keyspace, or of one type.
    public struct Size: Sendable, Hashable {
        /// How many there are.
        public fileprivate(set) var entries = 0
        /// The bytes of their keys and values.
        public fileprivate(set) var bytes = 0

        fileprivate mutating func add(_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
            entries += 1
            bytes += key.count + value.count
        }

        fileprivate var value: JSONValue { ["entries": JSONValue(entries), "bytes": JSONValue(bytes)] }
    }

    /// The store's locator.
    public let locator: String
    /// What the store says of its files, as its format.
    public let details: [(name: String, value: String)]
    /// What it was given when it was made; nil if no server has had it.
    public let identity: String?
    /// How often it was opened for writing and written to, as far as that is remembered.
    public let openings: Int
    /// The mark of the epoch that wrote its newest commit.
    public let epoch: String
    /// Its newest commit.
    public let revision: Revision
    /// The oldest state that can be told.
    public let start: Revision
    /// The size of each keyspace.
    public let keyspaces: [(keyspace: Keyspace, size: Size)]
    /// The size of each type's objects.
    public let types: [(name: String, size: Size)]

    /// Looks at a store.
    ///
    /// - Parameter progress: told what is being counted.
    public init(of store: any KeyValueStore, _ progress: (StoreProgress) -> Void) throws(StoreError) {
        locator = store.locator.description
        details = try store.details()
        identity = try store.value(.metadata, key: StoreLayout.storeIDKey).map { String(decoding: $0, as: UTF8.self) }
        let epochs = Epochs(recorded: try Epochs.recorded(in: store))
        revision = try Loader.revision(of: store)
        start = try StoredHistory(store: store).start()
        openings = epochs.written(through: revision).count
        epoch = epochs.epoch(of: revision).text
        var (keyspaces, types) = ([(keyspace: Keyspace, size: Size)](), [(name: String, size: Size)]())
        for (number, keyspace) in Keyspace.allCases.enumerated() {
            progress(StoreProgress(work: "counting \(keyspace)", percent: number * 100 / Keyspace.allCases.count))
            var size = Size()
            try store.scan(keyspace) { key, value in
                size.add(key, value)
                guard keyspace == .data, let type = StoreLayout.id(ofKey: key)?.typeName.rawValue else { return true }
                if types.last?.name.utf8.elementsEqual(type.utf8) != true { types.append((type, Size())) }
                types[types.count - 1].size.add(key, value)
                return true
            }
            keyspaces.append((keyspace, size))
        }
        (self.keyspaces, self.types) = (keyspaces, types)
    }

    /// The facts as JSON.
    public var value: JSONValue {
        [
            "store": .string(locator), "details": .object(JSONObject(details.map { ($0.name, .string($0.value)) })),
            "identity": identity.map { .string($0) } ?? .null, "openings": JSONValue(openings), "epoch": .string(epoch),
            "revision": JSONValue(Int(clamping: revision.number)), "oldest": JSONValue(Int(clamping: start.number)),
            "keyspaces": .object(JSONObject(keyspaces.map { ($0.keyspace.rawValue, $0.size.value) })),
            "types": .object(JSONObject(types.map { ($0.name, $0.size.value) })),
        ]
    }

    /// The facts for people.
    public var text: String {
        var lines = [("store", locator)] + details.map { ($0.name, $0.value) }
        lines += [
            ("identity", identity ?? "none: no server has had it"), ("openings", String(openings)), ("epoch", epoch),
            ("revision", "\(revision)"), ("oldest state", "\(start)"),
        ]
        for (keyspace, size) in keyspaces { lines.append(("keyspace \(keyspace)", Self.text(of: size))) }
        for (name, size) in types { lines.append(("type \(name)", Self.text(of: size))) }
        let width = (lines.map(\.0.utf8.count).max() ?? 0) + 2
        return lines.map { name, value in
            name + String(repeating: " ", count: width - name.utf8.count) + value + "\n"
        }.joined()
    }

    private static func text(of size: Size) -> String { "\(size.entries) entries, \(size.bytes) bytes" }
}
