/// What is in LMDB's unnamed database: a record for each keyspace, and what `LMDBFormat` notes.
struct MainTree {
    private(set) var trees: [(name: String, record: TreeRecord)] = []
    private var notes: [[UInt8]: [UInt8]] = [:]
    private var unknown: [UInt8]?

    /// Adds a node of its leaves.
    mutating func add(_ node: LMDBPage.Node) {
        let key = Array(node.key)
        let name = String(decoding: key, as: UTF8.self)
        if node.flags == LMDBPage.Node.isTree, node.length == TreeRecord.byteCount, Keyspace(rawValue: name) != nil {
            trees.append((name, TreeRecord(node.data)))
        } else if node.flags == 0, LMDBFormat.keys.contains(key) {
            notes[key] = Array(node.data)
        } else {
            unknown = key
        }
    }

    /// Which transaction wrote the tree; nil if it has another format, or is damaged.
    var state: StoreState? { isNewer ? nil : notes[StoreState.key].flatMap { StoreState(sealed: $0) } }

    private var version: Int? { notes[LMDBFormat.key].map { Int(String(decoding: $0, as: UTF8.self)) ?? 0 } }

    /// Whether a newer program wrote it, which the opening says.
    private var isNewer: Bool { (version ?? 0) > LMDBFormat.version }

    /// What cannot be; nil if all can.
    var contradiction: String? {
        // Another program's data, which the opening says.
        if isNewer || notes.isEmpty && trees.isEmpty { return nil }
        if let unknown { return "has the unknown key \(StoreError.excerpt(unknown))" }
        guard let version else { return "has no format version" }
        if trees.contains(where: { $0.record.flags != 0 }) { return "has a keyspace with flags that no store has" }
        let isNew = notes[StoreState.key] != nil
        if isNew, state == nil { return "has a damaged \(StoreError.excerpt(StoreState.key))" }
        if isNew != (version >= LMDBFormat.checked) { return "says format \(version), but is not like that" }
        let keyspaces = trees.compactMap { Keyspace(rawValue: $0.name) }
        if isNew, !Keyspace.original.allSatisfy(keyspaces.contains) { return "lacks a keyspace" }
        return nil
    }
}
