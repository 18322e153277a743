import CLMDB
import Glibc

/// One open LMDB environment, its databases and its lock. Not for two threads without a `TransactionGate`, which
/// gives this class what LMDB asks for: no transaction may run while the map changes or the environment closes.
///
/// The data file is always as long as the map, mostly as a hole. LMDB alone lets it end where the last write ended;
/// then a file cut short by a failed copy cannot be told from a whole one, and reading past its end kills the
/// process.
final class LMDBEnvironment {
    let directory: String
    let options: LMDBOptions
    private let lock: DirectoryLock
    private let file: DataFile
    /// Nil when reopening failed.
    private var handle: OpaquePointer?
    private var databases: [MDB_dbi] = []
    private var mapGuard: MapGuard?
    /// The version of what is on disk.
    private(set) var format = LMDBFormat.version
    /// What is read of the map.
    private let pages = VisitedPages()

    /// Opens the environment in `directory`, creating both unless opened for reading only.
    init(_ directory: String, _ options: LMDBOptions) throws(StoreError) {
        self.directory = directory
        self.options = options
        if !options.isReadOnly { try Directory.create(directory) }
        if options.isReadOnly, !Directory.isDirectory(directory) { throw .noStore(directory) }
        lock = try DirectoryLock(directory, isReadOnly: options.isReadOnly)
        file = try DataFile(directory, lock, isReadOnly: options.isReadOnly)
        try open()
        lock.noteStore()
    }

    deinit {
        close()
    }

    /// Closes the environment if it is open. The lock is held on to, until the object goes.
    func close() {
        pages.end()
        mapGuard = nil
        if let handle { mdb_env_close(handle) }
        handle = nil
    }

    /// Closes the environment and opens it anew: the only way on after LMDB could not say which state is on disk, or
    /// lost its map.
    func reopen() throws(StoreError) {
        close()
        try open()
    }

    /// The bytes mapped, which is what the data may grow to before `resize`.
    var mapSize: Int {
        var information = MDB_envinfo()
        if let handle { mdb_env_info(handle, &information) }
        return information.me_mapsize
    }

    /// The longest key in bytes.
    var maximumKeyLength: Int {
        handle.map { Int(mdb_env_get_maxkeysize($0)) } ?? 0
    }

    /// Maps `size` bytes, or as many as the data needs if that is more. No transaction may be running.
    func resize(to size: Int) throws(StoreError) {
        guard let handle else { throw .lmdb(MDB_PANIC, doing: "enlarging the store in", path: directory) }
        // The file first: if the device refuses, the map is still good.
        try extendFile(to: size)
        pages.end()
        mapGuard = nil
        let result = mdb_env_set_mapsize(handle, size)
        guard result == 0 else {
            let error = StoreError.lmdb(result, doing: "mapping \(ByteSize.format(size)) of", path: directory)
            try reopen()
            throw error
        }
        try guardMap()
    }

    /// How many bytes more the data may take at the end of the map; pages that are free within it are not counted.
    var room: Int { handle == nil ? 0 : options.mapSizeLimit - pageCount * pageSize }

    /// How many pages the data has come to, those that are free among them.
    var pageCount: Int {
        var information = MDB_envinfo()
        if let handle { mdb_env_info(handle, &information) }
        return information.me_last_pgno + 1
    }

    /// The size of a page in bytes.
    var pageSize: Int {
        var statistics = MDB_stat()
        if let handle { mdb_env_stat(handle, &statistics) }
        return Int(statistics.ms_psize)
    }

    /// Runs `body` in a transaction, committed unless `body` throws.
    ///
    /// - Parameter starting: Runs the function it is given, which begins the transaction, together with what must be done
    ///   at the same moment.
    func transaction<Result>(
        writing: Bool, starting: (() -> Int32) -> Int32 = { $0() },
        _ body: (LMDBTransaction) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        var pointer: OpaquePointer?
        let begun = starting {
            handle.map { mdb_txn_begin($0, nil, writing ? 0 : UInt32(MDB_RDONLY), &pointer) } ?? MDB_PANIC
        }
        guard begun == 0, let pointer else { throw .lmdb(begun, doing: "starting a transaction in", path: directory) }
        let result: Result
        do throws(StoreError) {
            result = try body(
                LMDBTransaction(
                    pointer: pointer, databases: databases, directory: directory,
                    isChecked: format >= LMDBFormat.checked, pages: pages))
        } catch {
            mdb_txn_abort(pointer)
            throw error
        }
        // A read, too, ends with a commit, which does nothing but keep the databases that were opened in it.
        let committed = mdb_txn_commit(pointer)
        guard committed == 0 else {
            // LMDB calls a write that was cut short a failed device.
            let shortage = committed == EIO ? DiskSpace.shortage(directory, size: mapSize) : nil
            throw .lmdb(shortage ?? committed, doing: "committing to the store in", path: directory)
        }
        return result
    }

    /// Notes that all values have checksums now.
    func noteUpgrade() { format = LMDBFormat.version }

    private func open() throws(StoreError) {
        do throws(StoreError) {
            try PageWalk.check(directory, descriptor: file.descriptor)
            try ReaderTable.reserve(directory, isReadOnly: options.isReadOnly)
            try openHandle()
            (databases, format) = try transaction(writing: !options.isReadOnly) { transaction throws(StoreError) in
                try transaction.openDatabases(creating: !options.isReadOnly)
            }
            if !options.isReadOnly {
                try extendFile(to: mapSize)
                try Directory.synchronize(directory)
            }
            try guardMap()
        } catch {
            close()
            throw error
        }
    }

    /// Guards the map where it is now, and has its pages given back. LMDB does not tell where; a page in it knows its number, and
    /// so the place of the first.
    private func guardMap() throws(StoreError) {
        var statistics = MDB_stat()
        mdb_env_stat(handle, &statistics)
        let pageSize = UInt(statistics.ms_psize)
        let start = try transaction(writing: false) { transaction throws(StoreError) -> UInt? in
            guard let place = try transaction.rawFormat()?.baseAddress else { return nil }
            let page = UInt(bitPattern: place) & ~(pageSize - 1)
            guard let header = UnsafeRawPointer(bitPattern: page) else { return nil }
            return page - header.load(as: UInt.self) * pageSize
        }
        guard let start, let pointer = UnsafeRawPointer(bitPattern: start) else { return }
        let map = UnsafeRawBufferPointer(start: pointer, count: mapSize)
        mapGuard = MapGuard(map, path: directory + "/data.mdb")
        pages.begin(map)
    }

    private func openHandle() throws(StoreError) {
        var flags = UInt32(MDB_NOTLS)  // read transactions belong to their object, not to the thread
        if options.isReadOnly { flags |= UInt32(MDB_RDONLY) }
        let fileSize = Directory.sizeOfFile(directory + "/data.mdb") ?? 0
        let mapSize = max(options.initialMapSize, min(fileSize, options.mapSizeLimit))
        var result = mdb_env_create(&handle)
        if result == 0 { result = mdb_env_set_maxdbs(handle, MDB_dbi(Keyspace.allCases.count)) }
        if result == 0 { result = mdb_env_set_maxreaders(handle, UInt32(ReaderTable.readerLimit)) }
        if result == 0 { result = mdb_env_set_mapsize(handle, mapSize) }
        if result == 0 { result = mdb_env_open(handle, directory, flags, 0o600) }
        if result == 0 { result = mdb_reader_check(handle, nil) }
        guard result == 0 else { throw .lmdb(result, doing: "opening the store in", path: directory) }
    }

    private func extendFile(to size: Int) throws(StoreError) {
        let path = directory + "/data.mdb"
        var descriptor: mdb_filehandle_t = -1
        mdb_env_get_fd(handle, &descriptor)
        if let length = Directory.sizeOfFile(path), length >= size { return }
        guard ftruncate(descriptor, size) == 0 else { throw .system(errno, doing: "extending", path: path) }
    }
}
