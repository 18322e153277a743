import StoreTesting
import Testing

@testable import Store

@Suite struct ContractTests {
    @Test func `memory store keeps the contract`() throws {
        try KeyValueStoreContract { MemoryStore() }.check()
    }

    @Test func `LMDB store keeps the contract`() throws {
        let directory = TemporaryDirectory()
        var opened = 0
        try KeyValueStoreContract(reopen: { try $0.locator.open(relativeTo: directory.path) }) {
            opened += 1
            return try StoreLocator("lmdb:store\(opened)").open(relativeTo: directory.path)
        }.check()
    }

    @Test func `LMDB store keeps the contract while its map grows`() throws {
        let directory = TemporaryDirectory()
        var opened = 0
        try KeyValueStoreContract(reopen: { try $0.locator.open(relativeTo: directory.path) }) {
            opened += 1
            return try StoreLocator("lmdb:store\(opened)?mapsize=1M").open(relativeTo: directory.path)
        }.check(seeds: 5...8)
    }

    @Test(arguments: ["off", "64K", "256K"])
    func `LMDB store keeps the contract with a journal of any size`(journal: String) throws {
        let directory = TemporaryDirectory()
        var opened = 0
        try KeyValueStoreContract(reopen: { try $0.locator.open(relativeTo: directory.path) }) {
            opened += 1
            let locator = try StoreLocator("lmdb:store\(opened)?mapsize=1M&journal=\(journal)")
            return try locator.open(relativeTo: directory.path)
        }.check(seeds: 9...14)
    }

    @Test func `LMDB store keeps the contract when changes are checkpointed only when there is no room for others`()
        throws
    {
        let directory = TemporaryDirectory()
        let rules = Journal.Rules(patienceMilliseconds: nil)
        var opened = 0
        try KeyValueStoreContract(reopen: { try LMDBStore($0.locator, relativeTo: directory.path, rules: rules) }) {
            opened += 1
            return try LMDBStore(
                try StoreLocator("lmdb:store\(opened)?mapsize=1M"), relativeTo: directory.path, rules: rules)
        }.check(seeds: 15...20)
    }

    @Test func `a fault injecting store without faults keeps the contract`() throws {
        try KeyValueStoreContract { FaultInjectingStore(MemoryStore()) }.check(seeds: 1...1)
    }

    @Test(arguments: FlawedStore.Flaw.allCases)
    func `the contract notices a flaw`(flaw: FlawedStore.Flaw) {
        #expect(throws: KeyValueStoreContract.Violation.self) {
            try KeyValueStoreContract(reopen: { _ in FlawedStore(flaw) }) { FlawedStore(flaw) }.check()
        }
    }
}
