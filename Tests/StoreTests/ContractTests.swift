import Store
import StoreTesting
import Testing

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
