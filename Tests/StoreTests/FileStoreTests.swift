import Basics
import Glibc
import JSON
import StoreTesting
import Testing

@testable import Store

@Suite struct FileStoreTests {
    private let folder = TemporaryDirectory()

    private func open(_ options: String = "", name: String = "fleet.json") throws -> FileStore {
        try FileStore(try StoreLocator("file:\(name)\(options)"), relativeTo: folder.path, layout: PlainLayout())
    }

    private var path: String { "\(folder.path)/fleet.json" }
    private var text: String { String(decoding: FileBytes.read(path) ?? [], as: UTF8.self) }

    /// A closed store with a host in it.
    private func filled() throws {
        let store = try open()
        var batch = WriteBatch()
        batch.put(
            .data, key: Array("hosts\u{0}a".utf8), value: [0, 0, 0, 0, 0, 0, 0, 7] + Array("{\"Name\":\"a\"}".utf8))
        batch.put(.metadata, key: Array("revision".utf8), value: [7])
        try store.apply(batch)
        try store.close()
    }

    @Test func `objects are sections of the document, and all else is beside them`() throws {
        try filled()
        let value = try JSONValue(parsing: text)
        #expect(value["sections"] == ["hosts": ["a": ["Name": "a"]]])
        #expect(value["muster"]?["heads"] == ["hosts": ["a": "AAAAAAAAAAc="]])
        #expect(value["muster"]?["entries"] == ["metadata": ["cmV2aXNpb24=": "Bw=="]])
    }

    @Test func `a document that was edited is refused until somebody says that it is meant`() throws {
        try filled()
        let edited = text.replacing("\"Name\": \"a\"", with: "\"Name\": \"b\"")
        FileBytes.write(Array(edited.utf8), to: path)
        let error = #expect(throws: StoreError.self) { try open() }
        #expect(error?.code == .corrupt && error?.message.contains("checksum") == true)
        let lines = edited.split(separator: "\n").filter { !$0.contains("\"checksum\"") }
        FileBytes.write(Array(lines.joined(separator: "\n").utf8), to: path)
        let store = try open()
        let value = try store.value(.data, key: Array("hosts\u{0}a".utf8))
        #expect(value == [0, 0, 0, 0, 0, 0, 0, 7] + Array("{\"Name\":\"b\"}".utf8))
        try store.close()
    }

    @Test(arguments: 1...60 as ClosedRange<UInt64>)
    func `no flipped byte is served as data`(seed: UInt64) throws {
        try filled()
        let before = FileBytes.read(path) ?? []
        var random = SeededGenerator(seed: seed)
        var bytes = before
        bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= UInt8(1 << Int.random(in: 0..<8, using: &random))
        FileBytes.write(bytes, to: path)
        guard let store = try? open() else { return }
        let value = try store.value(.data, key: Array("hosts\u{0}a".utf8))
        #expect(value == [0, 0, 0, 0, 0, 0, 0, 7] + Array("{\"Name\":\"a\"}".utf8), "seed \(seed)")
        try store.close()
    }

    @Test func `a store whose file is gone is missed`() throws {
        try filled()
        unlink(path)
        let error = #expect(throws: StoreError.self) { try open() }
        #expect(error?.code == .notFound && error?.message.contains("fleet.json.lock") == true)
    }

    @Test func `a write that fails leaves what was there`() throws {
        try filled()
        let store = try open()
        #expect(mkdir(path + ".new", 0o700) == 0)
        var batch = WriteBatch()
        batch.put(.data, key: [1], value: [1])
        #expect(throws: StoreError.self) { try store.apply(batch) }
        #expect(try store.value(.data, key: [1]) == nil)
        rmdir(path + ".new")
        try store.apply(batch)
        #expect(try store.value(.data, key: [1]) == [1])
        try store.close()
    }

    @Test func `it keeps no history`() throws {
        let store = try open()
        #expect(!store.keepsHistory)
        try store.close()
    }
}
