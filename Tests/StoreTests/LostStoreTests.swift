import Glibc
import StoreTesting
import Testing

@testable import Store

/// Files of a store that are gone, and directories that somebody else has.
@Suite struct LostStoreTests {
    private let stores = TemporaryStores()

    private var directory: String { stores.path + "/store" }

    /// Opening for writing and for reading fails.
    private func expectRefusal(_ code: StoreError.Code, _ words: String...) {
        for options in ["", "&ro=true"] {
            let error = #expect(throws: StoreError.self) { try stores.open(options) }
            #expect(error?.code == code)
            for word in words { #expect(error?.message.contains(word) == true, "\(String(describing: error))") }
        }
    }

    @Test func `a store without its data file is refused and not begun anew, whatever else is left`() throws {
        let store = try stores.open()
        for number in 0..<9 as Range<UInt64> { try put(store, number, size: 300) }
        try store.close()
        #expect(unlink(directory + "/data.mdb") == 0)
        expectRefusal(
            .corrupt, "lost its data: data.mdb is missing", "journal", "restore a backup", "empty the directory")
        #expect(unlink(directory + "/journal") == 0)
        expectRefusal(.corrupt, "data.mdb is missing", "lock.mdb")
        #expect(unlink(directory + "/lock.mdb") == 0)
        expectRefusal(.corrupt, "data.mdb is missing", "LOCK")
        #expect(Directory.sizeOfFile(directory + "/data.mdb") == nil)
        #expect(unlink(directory + "/LOCK") == 0)
        let new = try stores.open()
        #expect(try count(new) == 0)
        try new.close()
    }

    @Test func `a store whose data file is empty is refused`() throws {
        try stores.open("&journal=off").close()
        writeFile([], to: directory + "/data.mdb")
        expectRefusal(.corrupt, "data.mdb is empty")
    }

    @Test func `a start that was interrupted before there was a store can be repeated`() throws {
        try Directory.create(directory)
        writeFile(Array("123\n".utf8), to: directory + "/LOCK")
        try stores.open().close()
        for name in ["data.mdb", "LOCK"] { writeFile([], to: stores.path + "/" + name) }
        try Directory.create(stores.path + "/second")
        writeFile([], to: stores.path + "/second/data.mdb")
        writeFile([], to: stores.path + "/second/lock.mdb")
        try stores.open(name: "second").close()
    }

    @Test func `without its file LOCK, a store in use is refused all the same`() throws {
        let store = try stores.open()
        try put(store, 1, size: 10)
        #expect(unlink(directory + "/LOCK") == 0)
        expectRefusal(.locked, "store is in use", "stop it first")
        #expect(unlink(directory + "/LOCK") == 0)
        #expect(unlink(directory + "/lock.mdb") == 0)
        expectRefusal(.locked, "store is in use")
        try put(store, 2, size: 10)
        try store.close()
        let again = try stores.open()
        #expect(try count(again) == 2)
        try again.close()
    }

    @Test func `a journal of another store, or of another time, is refused`() throws {
        let store = try stores.open()
        for number in 0..<9 as Range<UInt64> { try put(store, number, size: 300) }
        try stores.copy(store)
        try store.close()
        let other = try stores.open(name: "other")
        for number in 0..<9 as Range<UInt64> { try put(other, number, size: 300) }
        let files = try StoreFiles(other.directory)
        writeFile(files.journal ?? [], to: stores.path + "/copy/journal")
        try other.close()
        let error = #expect(throws: StoreError.self) { try stores.open(name: "copy") }
        #expect(error?.message.contains("copy/journal is not the one that belongs to this data.mdb") == true)
    }

    @Test func `a journal that was cut short is refused, wherever it is cut`() throws {
        let store = try stores.open("&journal=2M")
        for number in 0..<9 as Range<UInt64> { try put(store, number, size: 300) }
        let files = try StoreFiles(store.directory)
        try store.close()
        let size = try #require(files.journal?.count)
        for length in [0, 1, 512, 4095, 4096, 8192, 12_288, size / 2, size - 1] {
            var cut = files
            cut.journal?.removeLast(size - length)
            try cut.write(to: stores.path + "/cut")
            let error = #expect(throws: StoreError.self) { try stores.open(name: "cut") }
            #expect(error?.code == .corrupt && error?.message.contains("cut/journal") == true)
        }
    }
}
