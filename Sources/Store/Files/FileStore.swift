import Basics
import JSON
import Synchronization

/// A store that is one document of YAML or JSON, read whole and written anew with each batch: for few objects, which people want
/// to see and carry about in one piece. It keeps no history.
public final class FileStore: KeyValueStore {
    /// The locator it was opened with.
    public let locator: StoreLocator
    /// As in LMDB, so that what works here works there.
    public let maximumKeyLength = 511
    /// Never anything: what fails is told to who writes.
    public let condition = StoreCondition()
    /// A document that grew with every change would be no small one for long.
    public let keepsHistory = false

    private let path: String
    private let codec: FileCodec
    private let layout: any FileLayout
    private let gate: TransactionGate<Tables>
    private let lock: Mutex<DirectoryLock?>

    /// Opens the store, creating the document if it is missing.
    ///
    /// - Parameters:
    ///   - locator: `file:<path>`, with the options `codec` (that of the path's end, or else `yaml`) and `ro`.
    ///   - baseDirectory: what a relative path is relative to.
    ///   - layout: how objects are told from other values.
    /// - Throws: `badLocator`, `locked`, `corrupt`, `unsupported` for a newer format, `notFound` with `ro=true`, and what the
    ///   system says.
    public init(
        _ locator: StoreLocator, relativeTo baseDirectory: String, layout: any FileLayout
    ) throws(StoreError) {
        try locator.refuseOptions(otherThan: [])
        guard locator.authority == nil, !locator.path.isEmpty, !locator.path.hasByteSuffix("/") else {
            throw StoreError(.badLocator, "the store locator \(locator) names no file: write file:<path>")
        }
        self.locator = locator
        self.layout = layout
        path = Directory.resolve(locator.path, relativeTo: baseDirectory)
        codec = FileCodec(locator) ?? (path.hasByteSuffix(".json") ? .json : .yaml)
        let isThere = Directory.sizeOfFile(path) != nil
        if !isThere {
            if locator.isReadOnly {
                throw StoreError(.notFound, "there is no store \(path): open it for writing once, or correct the path")
            }
            try Directory.create(Directory.folder(of: path))
        }
        let held = try DirectoryLock(file: path + ".lock", of: path, isReadOnly: locator.isReadOnly)
        if !isThere, held.hasStore {
            throw StoreError(
                .notFound, "the store \(path) is gone: restore it, or remove \(path).lock to begin a new one")
        }
        lock = Mutex(held)
        let tables = isThere ? try StoreDocument.tables(of: path, layout) : Tables()
        gate = TransactionGate(tables)
        if !isThere { try write(tables) }
        held.noteStore()
    }

    /// See `KeyValueStore`.
    public func scan(
        _ keyspace: Keyspace, from: [UInt8]?, upTo: [UInt8]?, descending: Bool,
        _ visit: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws(StoreError) -> Bool
    ) throws(StoreError) {
        try gate.read { tables throws(StoreError) in
            try tables.scan(keyspace, from: from, upTo: upTo, descending: descending, visit)
        }
    }

    /// See `KeyValueStore`.
    public func value(_ keyspace: Keyspace, key: [UInt8]) throws(StoreError) -> [UInt8]? {
        try gate.read { tables throws(StoreError) in tables.value(keyspace, key: key) }
    }

    /// See `KeyValueStore`.
    public func apply(_ batch: WriteBatch) throws(StoreError) {
        if locator.isReadOnly { throw .openedReadOnly(locator) }
        try batch.checkKeys(maximumKeyLength: maximumKeyLength)
        // Readers go on with the old state until the new one is on disk.
        var changed = try gate.write { tables throws(StoreError) in tables }
        if batch.isEmpty { return }
        changed.apply(batch)
        try write(changed)
        try gate.alone { $0 = changed }
    }

    /// How the document is written, and its size.
    public func details() throws(StoreError) -> [(name: String, value: String)] {
        [("file", path), ("codec", codec.rawValue), ("size", "\(Directory.sizeOfFile(path) ?? 0) bytes")]
    }

    /// See `KeyValueStore`.
    public func close() throws(StoreError) {
        try gate.close { _ in }
        lock.withLock { $0 = nil }
    }

    /// Writes the document under another name first, so that there is always a whole one.
    private func write(_ tables: Tables) throws(StoreError) {
        let document = StoreDocument.document(of: tables, layout)
        let draft = path + ".new"
        _ = try PlainFile.make(draft, Array(layout.text(of: document, codec).utf8), isSynced: true)
        try PlainFile.move(draft, to: path)
        try Directory.synchronize(Directory.folder(of: path))
    }
}

extension StoreKind {
    /// Stores that are one document.
    ///
    /// - Parameter layout: how objects are told from other values.
    public static func file(_ layout: any FileLayout) -> StoreKind {
        StoreKind("file", form: "file:<path>") { (locator, baseDirectory, _) throws(StoreError) in
            try FileStore(locator, relativeTo: baseDirectory, layout: layout)
        }
    }
}
