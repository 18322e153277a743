import JSON

/// Makes the new files of a batch, and the batch for the store behind them.
struct BatchStaging {
    private let mirror: FileMirror
    private let inner: any KeyValueStore
    private let found: [[UInt8]: FoundChange]
    private var isCleared = false
    /// For each key of `data` the last operation on it.
    private var last: [[UInt8]: Int] = [:]

    /// The batch for the store behind the files.
    private(set) var batch = WriteBatch()
    /// What is to be done to files once that is applied.
    private(set) var redo = RedoList()
    /// The number of the next new file.
    private(set) var nextNumber: UInt64

    /// Stages `operations`.
    ///
    /// - Parameters:
    ///   - found: files that somebody changed, by key.
    ///   - number: of the first new file.
    init(
        _ operations: [WriteBatch.Operation], _ mirror: FileMirror, over inner: any KeyValueStore,
        found: [[UInt8]: FoundChange], number: UInt64
    ) throws(StoreError) {
        (self.mirror, self.inner, self.found, nextNumber) = (mirror, inner, found, number)
        for (index, operation) in operations.enumerated() {
            switch operation {
            case .put(.data, let key, _), .remove(.data, let key): last[key] = index
            case .clear(.data):
                last.removeAll()
                isCleared = true
            default: break
            }
        }
        for (index, operation) in operations.enumerated() { try take(operation, index) }
        batch.put(.metadata, key: RedoList.key, value: redo.bytes)
    }

    /// The files that somebody changed, and that the batch leaves as they are.
    var foundLeft: [[UInt8]: FoundChange] { isCleared ? [:] : found.filter { last[$0.key] == nil } }

    private mutating func take(_ operation: WriteBatch.Operation, _ index: Int) throws(StoreError) {
        switch operation {
        case .put(.data, let key, let value):
            // What a later operation takes back is in no file.
            guard last[key] == index else { return }
            batch.put(.data, key: key, value: MirroredValue(value, try stage(value, key)).bytes)
        case .remove(.data, let key):
            guard last[key] == index else { return }
            try stageRemoval(of: key)
            batch.remove(.data, key: key)
        case .clear(.data):
            var keys: [[UInt8]] = []
            try inner.scan(.data) { key, _ in
                keys.append(Array(key))
                return true
            }
            for key in keys where last[key] == nil { try stageRemoval(of: key) }
            batch.clear(.data)
        case .put(let keyspace, let key, let value): batch.put(keyspace, key: key, value: value)
        case .remove(let keyspace, let key): batch.remove(keyspace, key: key)
        case .clear(let keyspace): batch.clear(keyspace)
        }
    }

    /// Makes the file that shows a value.
    ///
    /// - Returns: its signature; nil if none shows it.
    private mutating func stage(_ value: [UInt8], _ key: [UInt8]) throws(StoreError) -> FileSignature? {
        guard let place = mirror.place(of: key), let parts = mirror.layout.parts(of: value) else {
            try stageRemoval(of: key)
            return nil
        }
        let shown = mirror.layout.shown(parts.document, at: place)
        // A file that says just this already stays as somebody wrote it, with comments and order.
        if let change = found[key], let object = change.object, JSONDocument(.object(object)) == shown {
            return change.signature
        }
        let text = Array(mirror.layout.text(of: shown.value(), mirror.codec).utf8)
        let number = nextNumber
        nextNumber += 1
        redo.steps.append(RedoList.Step(place: place, draft: number, before: try before(key)))
        return try PlainFile.make(mirror.path(ofDraft: number), text, isSynced: last.count < FileMirror.many)
    }

    private mutating func stageRemoval(of key: [UInt8]) throws(StoreError) {
        guard let place = mirror.place(of: key), let before = try before(key) else { return }
        redo.steps.append(RedoList.Step(place: place, draft: nil, before: before))
    }

    /// The file that is in the place of a key; nil if there is none.
    private func before(_ key: [UInt8]) throws(StoreError) -> FileSignature? {
        if let change = found[key] { return change.signature }
        guard let bytes = try inner.value(.data, key: key) else { return nil }
        return try MirroredValue(bytes).signature
    }

    /// Has new files on disk. Few were synced when they were made.
    func synchronize() throws(StoreError) {
        guard redo.steps.contains(where: { $0.draft != nil }) else { return }
        if last.count >= FileMirror.many { return try PlainFile.synchronizeAll(mirror.drafts) }
        try Directory.synchronize(mirror.drafts)
    }
}
