import StoreTesting
import Testing

@testable import Store

@Suite struct StoreLocatorTests {
    @Test(
        arguments: [
            ("lmdb:/var/lib/muster", "lmdb", nil, "/var/lib/muster", [:]),
            ("lmdb:///var/lib/muster", "lmdb", nil, "/var/lib/muster", [:]),
            ("LMDB:state", "lmdb", nil, "state", [:]),
            ("memory:", "memory", nil, "", [:]),
            ("memory:///", "memory", nil, "/", [:]),
            ("directory:/p?codec=yaml&ro=true", "directory", nil, "/p", ["codec": "yaml", "ro": "true"]),
            ("lmdb:/a%20b%3Fc?x=%26&x=2&y", "lmdb", nil, "/a b?c", ["x": "&", "y": ""]),
            ("etcd://host:2379/prefix", "etcd", "host:2379", "/prefix", [:]),
            ("lmdb:/k%C3%A9", "lmdb", nil, "/ké", [:]),
        ] as [(String, String, String?, String, [String: String])])
    func `a locator is read into its parts`(
        text: String, scheme: String, authority: String?, path: String, query: [String: String]
    ) throws {
        let locator = try StoreLocator(text)
        #expect(locator.scheme == scheme)
        #expect(locator.authority == authority)
        #expect(locator.path == path)
        #expect(locator.query == query)
        #expect(try StoreLocator(locator.description) == locator)
    }

    @Test(arguments: [
        ("redis:/x", "Unknown schema type: redis"),
        (":/x", "Unknown schema type: "),
        ("directory:/x?codec=xml", "Unknown codec xml"),
        ("directory:/x?ro=maybe", "Unknown ro value maybe. Try true or false"),
        ("/var/lib", "the store locator /var/lib names no kind of store: write lmdb:<directory> or memory:"),
    ])
    func `a wrong locator is refused with the words of the contract`(text: String, message: String) {
        let error = #expect(throws: StoreError.self) { try StoreLocator(text).open(relativeTo: "/nowhere") }
        #expect(error?.code == .badLocator)
        #expect(error?.message == message)
    }

    @Test(arguments: ["lmdb:/%", "lmdb:/%4", "lmdb:/%zz", "lmdb:/%FF", "lmdb:/a%00b", "lmdb:/a?b=%C3"])
    func `wrong escapes are refused`(text: String) {
        #expect(throws: StoreError.self) { try StoreLocator(text) }
    }

    @Test(arguments: [
        ("etcd://h/x", StoreError.Code.badLocator, "Unknown schema type: etcd"),
        ("lmdb:", .badLocator, "names no directory"),
        ("lmdb://var/lib", .badLocator, "one slash"),
        (
            "lmdb:/x?mapsize-limt=1G", .badLocator,
            "unknown option mapsize-limt: lmdb knows codec, journal, mapsize, mapsize-limit, ro"
        ),
        ("lmdb:/x?mapsize-limit=lots", .badLocator, "wrong mapsize-limit lots"),
        ("lmdb:/x?mapsize=12", .badLocator, "wrong mapsize 12"),
        ("lmdb:/x?journal=no", .badLocator, "wrong journal no"),
        ("lmdb:/x?journal=60K", .badLocator, "of at least 64K"),
        ("memory:?mapsize=1G", .badLocator, "memory knows codec, ro"),
    ])
    func `a locator that cannot be opened says why`(text: String, code: StoreError.Code, words: String) {
        let error = #expect(throws: StoreError.self) { try StoreLocator(text).open(relativeTo: "/nowhere") }
        #expect(error?.code == code)
        #expect(error?.message.contains(words) == true, "\(String(describing: error))")
    }

    @Test func `a locator opens the store it names`() throws {
        #expect(try StoreLocator("memory:").open(relativeTo: "") is MemoryStore)
        let directory = TemporaryDirectory()
        let store = try StoreLocator("lmdb:a/b").open(relativeTo: directory.path)
        #expect((store as? LMDBStore)?.directory == directory.path + "/a/b")
        #expect(store.locator.description == "lmdb:a/b")
        try store.close()
    }

    @Test func `a program has the kinds of store that it names`() throws {
        let kinds = StoreKinds([.memory, StoreKind("trial", form: "trial:") { (_, _, _) in MemoryStore() }])
        #expect(kinds.forms == ["memory:", "trial:"])
        #expect(try StoreLocator("TRIAL:x").open(relativeTo: "", of: kinds) is MemoryStore)
        let error = #expect(throws: StoreError.self) { try StoreLocator("lmdb:x").open(relativeTo: "", of: kinds) }
        #expect(error?.message == "Unknown schema type: lmdb")
    }

    @Test func `a read only memory store takes no batch`() throws {
        let store = try StoreLocator("memory:?ro=true").open(relativeTo: "")
        let error = #expect(throws: StoreError.self) { try store.apply(WriteBatch()) }
        #expect(error?.code == .readOnly)
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `no text crashes the reader, and what it accepts it can write and read again`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let pieces = [
            "lmdb:", "memory:", "etcd:", "//", "/", "?", "&", "=", "%", "%2F", "%C3%A9", ":", "é", "a", " ", "ro",
            "true", "#",
        ]
        for _ in 0..<2000 {
            let count = Int.random(in: 0...8, using: &random)
            let text = (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            guard let locator = try? StoreLocator(text) else { continue }
            let again = try? StoreLocator(locator.description)
            #expect(again == locator, "seed \(seed), text \(text), written \(locator)")
        }
    }

    @Test(
        arguments: [
            ("0", 0), ("65536", 65536), ("64k", 65536), ("64G", 64 << 30), ("1T", 1 << 40), ("", nil), ("G", nil),
            ("-1", nil),
            ("1.5G", nil), ("1GG", nil), ("9223372036854775807", Int.max), ("9223372036854775808", nil),
            ("9000000000T", nil),
        ] as [(String, Int?)])
    func `sizes are read`(text: String, bytes: Int?) {
        #expect(ByteSize.parse(text) == bytes)
    }

    @Test(arguments: [0, 1, 1023, 1024, 1536, 64 << 20, 3 << 40, Int.max])
    func `sizes are written so that they can be read`(bytes: Int) {
        #expect(ByteSize.parse(ByteSize.format(bytes)) == bytes)
    }
}
