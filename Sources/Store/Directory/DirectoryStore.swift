import Basics
import Synchronization

/// A store that shows objects as files, one each, made to be kept in git and read by people (C §14.5):
/// `directory:/srv/muster?codec=yaml`.
///
/// All that it holds is in an LMDB store in the folder `.muster`; the files are what people may see of it. A batch is applied
/// there together with what is to be done to files, and an opening after a crash finishes that. So a batch is whole although it
/// touches many files, and a file that was edited meanwhile is told from one that was not written yet.
///
/// While a server has the store open, the files are the server's.
public final class DirectoryStore: HandEditedStore {
    private struct State {
        /// The number of the next new file.
        var number: UInt64 = 1
        /// What is to be done to files yet.
        var unfinished = RedoList()
        /// Files that somebody changed, by key.
        var found: [[UInt8]: FoundChange] = [:]
        /// A batch of which it is not known whether the store behind the files has it.
        var doubtful: BatchStaging?
    }

    /// The locator it was opened with.
    public let locator: StoreLocator
    /// See `HandEditedStore`.
    public let remarks: [String]

    private let inner: any KeyValueStore
    private let mirror: FileMirror
    private let state: Mutex<State>

    /// Opens the store, creating what is missing.
    ///
    /// - Parameters:
    ///   - locator: `directory:<path>`, with the options `codec` (`yaml` unless said otherwise), `ro` and `repair`, which sets
    ///     broken files aside.
    ///   - layout: what files show.
    ///   - progress: told how far something is that takes long.
    /// - Throws: as `LMDBStore`; `corrupt` naming each file that cannot be used.
    public convenience init(
        _ locator: StoreLocator, relativeTo baseDirectory: String, layout: any FileLayout,
        progress: (StoreProgress) -> Void = { _ in }
    ) throws(StoreError) {
        try self.init(locator, relativeTo: baseDirectory, layout: layout) { (locator) throws(StoreError) in
            try LMDBStore(locator, relativeTo: "", progress: progress)
        }
    }

    /// As the other, with a store behind the files that `open` makes.
    init(
        _ locator: StoreLocator, relativeTo baseDirectory: String, layout: any FileLayout,
        open: (StoreLocator) throws(StoreError) -> any KeyValueStore
    ) throws(StoreError) {
        let options = try DirectoryOptions(locator)
        let root = Directory.resolve(locator.path, relativeTo: baseDirectory)
        inner = try open(options.inner(at: "\(root)/\(FileMirror.hidden)"))
        self.locator = locator
        do throws(StoreError) {
            mirror = FileMirror(root: root, codec: try options.codec(of: inner), layout: layout)
            let opening = try DirectoryOpening(mirror, inner, options)
            remarks = opening.remarks
            var state = State()
            state.found = Dictionary((opening.found + opening.touched).map { ($0.key, $0) }) { $1 }
            self.state = Mutex(state)
            try opening.rewrite { batch throws(StoreError) in try apply(batch) }
        } catch {
            try? inner.close()
            throw error
        }
    }

    /// That of the store behind the files.
    public var maximumKeyLength: Int { inner.maximumKeyLength }
    /// That of the store behind the files.
    public var condition: StoreCondition { inner.condition }

    /// See `HandEditedStore`.
    public var foundChanges: [FoundChange] {
        state.withLock { $0.found.values.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) } }
    }

    /// See `KeyValueStore`.
    public func scan(
        _ keyspace: Keyspace, from: [UInt8]?, upTo: [UInt8]?, descending: Bool,
        _ visit: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws(StoreError) -> Bool
    ) throws(StoreError) {
        try inner.scan(
            keyspace, from: from, upTo: upTo, descending: descending
        ) { key, value throws(StoreError) in
            switch keyspace {
            case .data: try visit(key, MirroredValue.value(in: value))
            case .metadata where key.elementsEqual(RedoList.key) || key.elementsEqual(DirectoryOptions.codecKey): true
            default: try visit(key, value)
            }
        }
    }

    /// See `KeyValueStore`.
    public func value(_ keyspace: Keyspace, key: [UInt8]) throws(StoreError) -> [UInt8]? {
        guard let value = try inner.value(keyspace, key: key) else { return nil }
        return keyspace == .data ? try MirroredValue(value).value : value
    }

    /// See `KeyValueStore`.
    public func apply(_ batch: WriteBatch) throws(StoreError) {
        if locator.isReadOnly { throw .openedReadOnly(locator) }
        try batch.checkKeys(maximumKeyLength: maximumKeyLength)
        try state.withLock { state throws(StoreError) in
            try settle(&state)
            if batch.isEmpty { return }
            let staging = try BatchStaging(
                batch.operations, mirror, over: inner, found: state.found, number: state.number)
            try staging.synchronize()
            var whole = staging.batch
            // A batch that empties the keyspace does not mean what is kept here for the store itself.
            whole.put(.metadata, key: DirectoryOptions.codecKey, value: Array(mirror.codec.rawValue.utf8))
            state.doubtful = staging
            try inner.apply(whole)
            state.doubtful = nil
            Self.note(staging, &state)
            try settle(&state)
        }
    }

    /// Has the files be those of the last batch.
    private func settle(_ state: inout State) throws(StoreError) {
        if let doubtful = state.doubtful {
            let list = try inner.value(.metadata, key: RedoList.key) ?? []
            state.doubtful = nil
            // Lists name new files by number, so that no two are the same but those with nothing to do.
            if list == doubtful.redo.bytes, !doubtful.redo.steps.isEmpty { Self.note(doubtful, &state) }
        }
        try mirror.install(state.unfinished)
        state.unfinished = RedoList()
    }

    private static func note(_ staging: BatchStaging, _ state: inout State) {
        (state.number, state.unfinished, state.found) = (staging.nextNumber, staging.redo, staging.foundLeft)
    }

    /// See `HandEditedStore`.
    public func setAside(_ changes: [FoundChange]) throws(StoreError) -> [String] {
        var (paths, batch) = ([String](), WriteBatch())
        for change in changes {
            if let path = try mirror.setAside(change.path) { paths.append(path) }
            state.withLock { $0.found[change.key] = nil }
            guard let value = try value(.data, key: change.key) else { continue }
            batch.put(.data, key: change.key, value: value)
        }
        try apply(batch)
        return paths
    }

    /// See `KeyValueStore`.
    public func makeRoom(for byteCount: Int) { inner.makeRoom(for: byteCount) }

    /// How files are written, and those of the store behind them.
    public func details() throws(StoreError) -> [(name: String, value: String)] {
        [("root", mirror.root), ("codec", mirror.codec.rawValue), ("changed files", String(foundChanges.count))]
            + (try inner.details())
    }

    /// See `KeyValueStore`.
    public func close() throws(StoreError) { try inner.close() }
}

extension StoreKind {
    /// Stores that show objects as files.
    ///
    /// - Parameter layout: what files show.
    public static func directory(_ layout: any FileLayout) -> StoreKind {
        StoreKind("directory", form: "directory:<directory>") {
            (locator, baseDirectory, progress) throws(StoreError) in
            try DirectoryStore(locator, relativeTo: baseDirectory, layout: layout, progress: progress)
        }
    }
}
