import Basics
import Glibc
import JSON
import StoreTesting
import Testing

@testable import Store

/// A directory store in a folder of its own, which can be closed, edited and opened again.
private final class Editable {
    let folder = TemporaryDirectory()
    private(set) var store: DirectoryStore

    init() throws { store = try Self.open(folder.path, "") }

    private static func open(_ path: String, _ options: String) throws -> DirectoryStore {
        try DirectoryStore(try StoreLocator("directory:fleet\(options)"), relativeTo: path, layout: PlainLayout())
    }

    /// Closes the store, has `edit` change files, and opens it again.
    func edited(_ options: String = "", _ edit: () throws -> Void) throws {
        try store.close()
        try edit()
        store = try Self.open(folder.path, options)
    }

    func path(_ name: String) -> String { "\(folder.path)/fleet/\(name)" }

    func text(_ name: String) -> String? { FileBytes.read(path(name)).map { String(decoding: $0, as: UTF8.self) } }

    func write(_ text: String, to name: String) { FileBytes.write(Array(text.utf8), to: path(name)) }

    func put(_ folder: String, _ name: String, _ value: JSONValue) throws {
        var batch = WriteBatch()
        batch.put(.data, key: Self.key(folder, name), value: Self.value(value))
        try store.apply(batch)
    }

    func document(_ folder: String, _ name: String) throws -> JSONValue? {
        try store.value(.data, key: Self.key(folder, name)).flatMap { PlainLayout().parts(of: $0)?.document.value() }
    }

    static func key(_ folder: String, _ name: String) -> [UInt8] { Array(folder.utf8) + [0] + Array(name.utf8) }

    static func value(_ value: JSONValue) -> [UInt8] { [0, 0, 0, 0, 0, 0, 0, 7] + value.canonicalBytes() }
}

@Suite struct DirectoryStoreTests {
    @Test func `an object is a file named after its key, without what is secret`() throws {
        let fleet = try Editable()
        try fleet.put("hosts", "a b/c", ["Name": "a b/c", "Secret": "x"])
        #expect(fleet.text("hosts/a+b%2Fc.yaml") == "{\n  \"Name\": \"a b/c\"\n}\n")
        #expect(try fleet.document("hosts", "a b/c") == ["Name": "a b/c", "Secret": "x"])
        #expect(fleet.text(".muster/.gitignore") == "*\n")
        var information = stat()
        #expect(stat(fleet.path(".muster"), &information) == 0 && information.st_mode & 0o777 == 0o700)
    }

    @Test func `removing an object removes its file, and clearing all files`() throws {
        let fleet = try Editable()
        for name in ["a", "b", "c"] { try fleet.put("hosts", name, ["Name": .string(name)]) }
        var batch = WriteBatch()
        batch.remove(.data, key: Editable.key("hosts", "b"))
        try fleet.store.apply(batch)
        #expect(try Directory.names(fleet.path("hosts")) == ["a.yaml", "c.yaml"])
        batch = WriteBatch()
        batch.clear(.data)
        batch.put(.data, key: Editable.key("racks", "r"), value: Editable.value(["Name": "r"]))
        try fleet.store.apply(batch)
        #expect(try Directory.names(fleet.path("hosts")).isEmpty)
        #expect(try Directory.names(fleet.path("racks")) == ["r.yaml"])
    }

    @Test func `of several changes to an object in a batch the file has the last`() throws {
        let fleet = try Editable()
        var batch = WriteBatch()
        for number in 1...3 {
            batch.put(.data, key: Editable.key("hosts", "a"), value: Editable.value(["N": JSONValue(number)]))
        }
        batch.put(.data, key: Editable.key("hosts", "b"), value: Editable.value(["N": 9]))
        batch.remove(.data, key: Editable.key("hosts", "b"))
        try fleet.store.apply(batch)
        #expect(fleet.text("hosts/a.yaml") == "{\n  \"N\": 3\n}\n")
        #expect(try Directory.names(fleet.path("hosts")) == ["a.yaml"])
        #expect(try Directory.names(fleet.path(".muster/new")).isEmpty)
    }

    @Test func `a store that nobody touched has no changes`() throws {
        let fleet = try Editable()
        for number in 0..<100 { try fleet.put("hosts", "h\(number)", ["N": JSONValue(number)]) }
        try fleet.edited {}
        #expect(fleet.store.foundChanges.isEmpty)
        #expect(fleet.store.remarks.isEmpty)
    }

    @Test func `files that were changed, added and removed are found, and no others`() throws {
        let fleet = try Editable()
        for name in ["a", "b", "c"] { try fleet.put("hosts", name, ["Name": .string(name)]) }
        try fleet.edited {
            fleet.write("{\"Name\": \"a\", \"Rack\": 4}", to: "hosts/a.yaml")
            unlink(fleet.path("hosts/b.yaml"))
            // Touched, with the same in it.
            fleet.write("{  \"Name\":\"c\" }", to: "hosts/c.yaml")
            fleet.write("{\"Name\": \"d\"}", to: "hosts/d.yaml")
        }
        let found = fleet.store.foundChanges
        #expect(found.map(\.place.name) == ["a", "b", "d"])
        #expect(found.map(\.object) == [["Name": "a", "Rack": 4], nil, ["Name": "d"]])
        // What people wrote stays as they wrote it.
        #expect(fleet.text("hosts/c.yaml") == "{  \"Name\":\"c\" }")
        try fleet.put("hosts", "a", ["Name": "a", "Rack": 4])
        #expect(fleet.text("hosts/a.yaml") == "{\"Name\": \"a\", \"Rack\": 4}")
        #expect(fleet.store.foundChanges.map(\.place.name) == ["b", "d"])
        try fleet.edited {}
        #expect(fleet.store.foundChanges.map(\.place.name) == ["b", "d"])
    }

    @Test func `a file that cannot be used is named with what is wrong`() throws {
        let fleet = try Editable()
        try fleet.put("hosts", "a", ["Name": "a"])
        for (text, name, words) in [
            ("{\"Name\":", "a.yaml", "it is no JSON"), ("[1]", "b.yaml", "it holds no object"),
            ("{}", "x%2fy.yaml", "call it x%2Fy.yaml"), ("{}", "q%21.yaml", "q! is no key"),
            ("{}", "q!.yaml", "q%21.yaml"),
        ] {
            let before = fleet.text("hosts/\(name)")
            let error = #expect(throws: StoreError.self) { try fleet.edited { fleet.write(text, to: "hosts/\(name)") } }
            #expect(error?.code == .corrupt)
            #expect(
                error?.message.contains("hosts/\(name)") == true && error?.message.contains(words) == true, "\(error!)")
            #expect(fleet.text("hosts/\(name)") == text)
            if let before { fleet.write(before, to: "hosts/\(name)") } else { unlink(fleet.path("hosts/\(name)")) }
        }
    }

    @Test func `with repair broken files are set aside and written again`() throws {
        let fleet = try Editable()
        try fleet.put("hosts", "a", ["Name": "a"])
        try fleet.edited("?repair=true") {
            fleet.write("{", to: "hosts/a.yaml")
            fleet.write("{", to: "hosts/b.yaml")
        }
        #expect(fleet.text("hosts/a.yaml") == "{\n  \"Name\": \"a\"\n}\n")
        #expect(try Directory.names(fleet.path(".muster/aside")) == ["hosts_a.yaml", "hosts_b.yaml"])
        #expect(fleet.store.remarks.count == 2)
        #expect(fleet.store.foundChanges.isEmpty)
    }

    @Test func `files that the store does not know are left alone and told of`() throws {
        let fleet = try Editable()
        try fleet.put("hosts", "a", ["Name": "a"])
        try fleet.edited {
            try Directory.create(fleet.path("nothing"))
            fleet.write("read me", to: "README.md")
            fleet.write("notes", to: "hosts/notes.txt")
            symlink("a.yaml", fleet.path("hosts/link.yaml"))
        }
        #expect(fleet.store.remarks.count == 3)
        #expect(fleet.store.foundChanges.isEmpty)
        #expect(fleet.text("hosts/notes.txt") == "notes")
    }

    @Test func `that all files are gone is taken for an accident`() throws {
        let fleet = try Editable()
        for number in 0..<11 { try fleet.put("hosts", "h\(number)", ["N": JSONValue(number)]) }
        let move = { rename(fleet.path("hosts"), fleet.path("elsewhere")) }
        let error = #expect(throws: StoreError.self) { try fleet.edited { _ = move() } }
        #expect(error?.message.contains("none of the 11 files") == true)
        try fleet.edited("?repair=true") {}
        #expect(try Directory.names(fleet.path("hosts")).count == 11)
        #expect(fleet.store.foundChanges.isEmpty)
    }

    @Test func `a change that is set aside is put back as the store has it`() throws {
        let fleet = try Editable()
        try fleet.put("hosts", "a", ["Name": "a"])
        try fleet.edited { fleet.write("{\"Name\": \"b\"}", to: "hosts/a.yaml") }
        let paths = try fleet.store.setAside(fleet.store.foundChanges)
        #expect(paths == [fleet.path(".muster/aside/hosts_a.yaml")])
        #expect(fleet.text("hosts/a.yaml") == "{\n  \"Name\": \"a\"\n}\n")
        #expect(fleet.store.foundChanges.isEmpty)
    }

    @Test func `the codec of a store does not change unnoticed`() throws {
        let fleet = try Editable()
        try fleet.put("hosts", "a", ["Name": "a"])
        let error = #expect(throws: StoreError.self) { try fleet.edited("?codec=json") {} }
        #expect(error?.code == .badLocator)
        try fleet.edited("?codec=default") {}
        #expect(fleet.store.foundChanges.isEmpty)
    }

    @Test func `the hidden folder left out, all files are found`() throws {
        let fleet = try Editable()
        for name in ["a", "b"] { try fleet.put("hosts", name, ["Name": .string(name)]) }
        try fleet.edited { rename(fleet.path(".muster"), fleet.folder.path + "/kept") }
        #expect(fleet.store.foundChanges.map(\.place.name) == ["a", "b"])
        #expect(try fleet.store.pairsOfData() == 0)
    }
}

extension KeyValueStore {
    /// How many values there are.
    fileprivate func pairsOfData() throws -> Int {
        var count = 0
        try scan(.data) { _, _ in
            count += 1
            return true
        }
        return count
    }
}
