import CLMDB
import StoreTesting
import Testing

@testable import Store

/// Stores that were written before there was side data.
@Suite struct AddedKeyspaceTests {
    private let stores = TemporaryStores()

    /// A store without the keyspace `side`, not open.
    private func old() throws -> StoreModel {
        let store = try stores.open("&journal=off")
        try put(store, 1, size: 700)
        let model = try StoreModel(store)
        try store.environment.gate.write { environment throws(StoreError) in
            try environment.transaction(writing: true) { transaction throws(StoreError) in
                #expect(mdb_drop(transaction.pointer, transaction.databases[Keyspace.side.ordinal], 1) == 0)
                try transaction.noteState()
            }
        }
        try store.close()
        return model
    }

    @Test func `an older store is read as it is, its side data being none`() throws {
        let model = try old()
        let before = try StoreFiles(stores.path + "/store")
        let store = try stores.open("&ro=true")
        #expect(try StoreModel(store) == model)
        #expect(try store.value(.side, key: key(1)) == nil)
        try store.close()
        #expect(try StoreFiles(stores.path + "/store") == before)
    }

    @Test(arguments: ["", "&journal=off"])
    func `an older store gets the keyspace when it is opened for writing`(options: String) throws {
        let model = try old()
        for round in 0..<2 {
            let store = try stores.open(options)
            if round == 0 { #expect(try StoreModel(store) == model) }
            var batch = WriteBatch()
            batch.put(.side, key: key(7), value: [UInt8(round)])
            try store.apply(batch)
            try store.close()
        }
        let store = try stores.open("&ro=true")
        #expect(try store.value(.side, key: key(7)) == [1])
        #expect(try store.value(.data, key: key(1))?.count == 700)
        try store.close()
    }
}
