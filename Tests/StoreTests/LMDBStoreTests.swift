import CLMDB
import Glibc
import StoreTesting
import Testing

@testable import Store

@Suite struct LMDBStoreTests {
    private let directory = TemporaryDirectory()

    private func open(_ options: String = "") throws -> LMDBStore {
        try LMDBStore(try StoreLocator("lmdb:store" + options), relativeTo: directory.path)
    }

    private var dataFile: String { directory.path + "/store/data.mdb" }

    /// Opening fails with this error.
    private func openingFails(_ options: String = "") -> StoreError? {
        #expect(throws: StoreError.self) { try open(options) }
    }

    @Test func `a second open of the same directory is refused until the first is closed`() throws {
        let first = try open()
        let error = openingFails()
        #expect(error?.code == .locked)
        #expect(error?.message.contains("\(directory.path)/store") == true)
        #expect(error?.message.contains("\(getpid())") == true)
        let link = directory.path + "/link"
        #expect(symlink(directory.path + "/store", link) == 0)
        #expect(throws: StoreError.self) { try LMDBStore(try StoreLocator("lmdb:link"), relativeTo: directory.path) }
        try first.close()
        try open().close()
    }

    @Test func `a store that nobody holds any more can be opened again`() throws {
        _ = try open()
        try open().close()
    }

    @Test func `files and directories are for the owner only`() throws {
        let store = try LMDBStore(try StoreLocator("lmdb:a/b/c"), relativeTo: directory.path)
        try put(store, 1, size: 1)
        for path in ["/a", "/a/b", "/a/b/c", "/a/b/c/data.mdb", "/a/b/c/lock.mdb", "/a/b/c/LOCK", "/a/b/c/journal"] {
            var information = stat()
            #expect(stat(directory.path + path, &information) == 0, "\(path)")
            #expect(information.st_mode & 0o077 == 0, "\(path)")
        }
        try store.close()
    }

    @Test func `a path that leads through a file is refused`() throws {
        try open().close()
        let error = #expect(throws: StoreError.self) {
            try LMDBStore(try StoreLocator("lmdb:store/data.mdb/x"), relativeTo: directory.path)
        }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("not a directory") == true)
    }

    @Test func `a tilde is the home directory`() {
        let home = String(cString: getenv("HOME"))
        #expect(Directory.resolve("~/x", relativeTo: "/base") == home + "/x")
        #expect(Directory.resolve("~", relativeTo: "/base") == home)
        #expect(Directory.resolve("~x", relativeTo: "/base") == "/base/~x")
        #expect(Directory.resolve("/x", relativeTo: "/base") == "/x")
    }

    @Test func `a store opened for reading is read and not written`() throws {
        #expect(openingFails("?ro=true")?.code == .notFound)
        #expect(!Directory.isDirectory(directory.path + "/store"))
        let writable = try open()
        try put(writable, 1, size: 3)
        try writable.close()
        let store = try open("?ro=true")
        #expect(try store.value(.data, key: key(1)) == [1, 1, 1])
        let error = #expect(throws: StoreError.self) { try put(store, 2, size: 1) }
        #expect(error?.code == .readOnly)
        try store.close()
    }

    @Test func `a file that is not LMDB's is refused`() throws {
        try Directory.create(directory.path + "/store")
        var random = SeededGenerator(seed: 3)
        write(random.bytes(20_000...20_000), to: dataFile)
        let error = openingFails()
        #expect(error?.code == .corrupt)
        #expect(error?.message.contains("not an LMDB file") == true)
    }

    @Test func `a file cut short is refused`() throws {
        let store = try open()
        for number in 1...200 as ClosedRange<UInt64> { try put(store, number, size: 2000) }
        try store.close()
        #expect(truncate(dataFile, 100_000) == 0)
        let error = openingFails()
        #expect(error?.code == .corrupt)
        #expect(error?.message.contains("cut short") == true)
    }

    @Test func `a data file is whole after pages were taken and given back`() throws {
        // LMDB alone does not write the pages that one transaction took and gave back, so the file would end early.
        let store = try open()
        var batch = WriteBatch()
        for number in 0..<400 as Range<UInt64> {
            batch.put(.data, key: key(number), value: [UInt8](repeating: 1, count: 900))
        }
        for number in 0..<400 as Range<UInt64> { batch.remove(.data, key: key(number)) }
        try store.apply(batch)
        try store.close()
        try open().close()
        #expect(Directory.sizeOfFile(dataFile) == 64 << 20)
    }

    @Test func `a newer format is refused`() throws {
        try setFormat("4")
        let error = openingFails()
        #expect(error?.code == .unsupported)
        #expect(error?.message.contains("newer Muster: it has format 4, this one reads up to 3") == true)
    }

    @Test func `a senseless format is refused`() throws {
        try setFormat("zero")
        #expect(openingFails()?.code == .corrupt)
    }

    @Test func `the data of another program is refused and left alone`() throws {
        try setFormat(nil)
        let error = openingFails()
        #expect(error?.code == .unsupported)
        #expect(error?.message.contains("another program") == true)
        #expect(openingFails("?ro=true")?.code == .unsupported)
    }

    @Test func `an environment that died is reopened by the next call`() throws {
        let store = try open()
        try put(store, 1, size: 1)
        try store.environment.gate.alone { environment throws(StoreError) in environment.close() }
        #expect(try store.value(.data, key: key(1)) == [1])
        try store.environment.gate.alone { environment throws(StoreError) in environment.close() }
        try put(store, 2, size: 1)
        #expect(try store.value(.data, key: key(2)) == [2])
        #expect(openingFails()?.code == .locked)
        try store.close()
    }

    /// Writes the format version as another Muster would, or the data of another program if nil.
    private func setFormat(_ text: String?) throws {
        try open().close()
        if text == nil { #expect(unlink(dataFile) == 0) }
        var environment: OpaquePointer?
        var transaction: OpaquePointer?
        var database = MDB_dbi()
        #expect(mdb_env_create(&environment) == 0)
        #expect(mdb_env_open(environment, directory.path + "/store", 0, 0o600) == 0)
        #expect(mdb_txn_begin(environment, nil, 0, &transaction) == 0)
        #expect(mdb_dbi_open(transaction, nil, 0, &database) == 0)
        let name = text == nil ? Array("theirs".utf8) : LMDBFormat.key
        let result = name.withValue { name in
            Array((text ?? "something").utf8).withValue { mdb_put(transaction, database, name, $0, 0) }
        }
        #expect(result == 0)
        #expect(mdb_txn_commit(transaction) == 0)
        mdb_env_close(environment)
    }
}

private func write(_ bytes: [UInt8], to path: String) {
    let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    #expect(Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
    Glibc.close(descriptor)
}
