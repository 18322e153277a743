import CLMDB
import StoreTesting
import Testing

@testable import Store

/// The kinds of store of this module, each with settings that take another way through it.
private enum Subjects {
    static let memory = StoreSubject("memory", scheme: "memory", abilities: [.locators])

    static let lmdb = lmdb("lmdb", options: "")
    static let growing = lmdb("lmdb with a small map", options: "mapsize=1M")
    static let withoutJournal = lmdb("lmdb without a journal", options: "mapsize=1M&journal=off")
    static let smallJournal = lmdb("lmdb with a small journal", options: "mapsize=1M&journal=64K")

    /// Changes are checkpointed only when there is no room for others.
    static let unhurried = lmdb("lmdb that checkpoints late", options: "mapsize=1M") {
        (locator, folder) throws(StoreError) in
        try LMDBStore(locator, relativeTo: folder, rules: Journal.Rules(patienceMilliseconds: nil))
    }

    static let faultless = StoreSubject(
        "memory with no faults injected", scheme: "memory", abilities: [],
        open: { (_, _) in FaultInjectingStore(MemoryStore()) })

    static let directory = StoreSubject(
        "directory", scheme: "directory", mainFile: ".muster/data.mdb", makeNewer: { try makeNewer($0 + "/.muster") },
        open: openFiles)

    static let file = StoreSubject("file", scheme: "file", makeNewer: makeNewerFile, open: openFiles)

    static let all = [directory, file, memory, lmdb, growing, withoutJournal, smallJournal, unhurried, faultless]

    private static func lmdb(
        _ name: String, options: String,
        open: @escaping StoreSubject.Opening = { (locator, folder) throws(StoreError) in
            try locator.open(relativeTo: folder)
        }
    ) -> StoreSubject {
        StoreSubject(name, scheme: "lmdb", options: options, mainFile: "data.mdb", makeNewer: makeNewer, open: open)
    }

    private static let openFiles: StoreSubject.Opening = { (locator, folder) throws(StoreError) in
        try locator.open(relativeTo: folder, of: PlainLayout.kinds)
    }

    private static func makeNewerFile(_ path: String) {
        let text = String(decoding: FileBytes.read(path) ?? [], as: UTF8.self)
        FileBytes.write(Array(text.replacing("\"format\": 1", with: "\"format\": 99").utf8), to: path)
    }

    /// Raises the format that is written in a closed store.
    private static func makeNewer(_ path: String) throws {
        let store = try LMDBStore(try StoreLocator("lmdb:\(path)?journal=off"), relativeTo: "")
        try store.environment.gate.write { environment throws(StoreError) in
            try environment.transaction(writing: true) { transaction throws(StoreError) in
                try transaction.rawPut(MDB_dbi(1), key: LMDBFormat.key, value: Array("99".utf8))
            }
        }
        try store.close()
    }
}

@Suite struct ContractTests {
    private static let all: [(StoreSubject, StoreCase)] = Subjects.all.flatMap { subject in
        KeyValueStoreContract.cases(for: subject).map { (subject, $0) }
    }

    @Test(arguments: all)
    func `a kind of store keeps the contract`(subject: StoreSubject, rule: StoreCase) throws { try rule.check(subject) }

    @Test func `the contract has at least 60 rules, each with a name of its own`() {
        #expect(KeyValueStoreContract.cases.count >= 60)
        #expect(Set(KeyValueStoreContract.cases.map(\.name)).count == KeyValueStoreContract.cases.count)
    }

    @Test(arguments: FlawedStore.Flaw.allCases)
    func `the contract notices a flaw`(flaw: FlawedStore.Flaw) {
        let subject = StoreSubject(
            "a store that \(flaw)", scheme: "memory", abilities: [.durable],
            open: { (_, _) in FlawedStore(flaw) })
        let noticing = KeyValueStoreContract.cases(for: subject).filter { rule in
            do { try rule.check(subject) } catch { return true }
            return false
        }
        #expect(!noticing.isEmpty)
    }
}
