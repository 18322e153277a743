import Basics
import Glibc
import StoreTesting
import Testing

@testable import Store

/// The walk over LMDB's pages believes nothing: no content of the file ends the process, or leads it outside.
@Suite struct PageWalkFuzzTests {
    private let stores = TemporaryStores()

    /// What is used of the file of a store with trees of several levels, long values and free pages.
    private func content() throws -> [UInt8] {
        let store = try stores.open("&journal=off")
        var random = SeededGenerator(seed: 8)
        for round in 0..<8 {
            var batch = WriteBatch()
            for _ in 0..<150 { batch.put(.data, key: random.bytes(2...60), value: random.bytes(0...300)) }
            batch.put(.versions, key: [UInt8(round / 2)], value: random.bytes(9000...30_000))
            try store.apply(batch)
        }
        try store.close()
        let bytes = try #require(readFile(store.directory + "/data.mdb"))
        let last = bytes.withUnsafeBytes { max($0.number(136, UInt64.self), $0.number(4096 + 136, UInt64.self)) }
        return Array(bytes.prefix(Int(last + 1) * 4096))
    }

    @Test func `a file as LMDB wrote it passes`() throws {
        let bytes = try content()
        #expect(bytes.count > 40 * 4096)
        #expect(walk(bytes) == nil)
    }

    @Test(arguments: 1...2 as ClosedRange<UInt64>)
    func `no numbers in headers, nodes and records lead the walk astray`(seed: UInt64) throws {
        let bytes = try content()
        var random = SeededGenerator(seed: seed)
        let pages = UInt64(bytes.count / 4096)
        var refused = 0
        for _ in 0..<300 {
            var changed = bytes
            for _ in 0...Int.random(in: 0..<3, using: &random) {
                let page = Int.random(in: 0..<Int(pages), using: &random) * 4096
                // Mostly where headers and the places of nodes are, else anywhere.
                let place =
                    page + Int.random(in: 0..<(Int.random(in: 0..<5, using: &random) > 0 ? 152 : 4088), using: &random)
                let numbers = [
                    0, 1, 2, pages - 1, pages, .max, 0xFFFF, 0x1_0000, 4095, .random(in: 0...pages, using: &random),
                ]
                let number = numbers.randomElement(using: &random) ?? 0
                changed.withUnsafeMutableBytes { bytes in
                    switch Int.random(in: 0..<3, using: &random) {
                    case 0:
                        bytes.storeBytes(of: UInt16(truncatingIfNeeded: number), toByteOffset: place, as: UInt16.self)
                    case 1:
                        bytes.storeBytes(of: UInt32(truncatingIfNeeded: number), toByteOffset: place, as: UInt32.self)
                    default: bytes.storeBytes(of: number, toByteOffset: place, as: UInt64.self)
                    }
                }
            }
            if let error = walk(changed) {
                refused += 1
                #expect([.corrupt, .unsupported].contains(error.code), "seed \(seed): \(error)")
                #expect(error.message.contains("data.mdb"), "seed \(seed): \(error)")
            }
        }
        #expect(refused > 20, "seed \(seed): the test tests little")
    }

    @Test(arguments: 1...2 as ClosedRange<UInt64>)
    func `no file at all leads it astray`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let bytes = try content()
        for _ in 0..<100 {
            let length = Int.random(in: 1...bytes.count - 4096, using: &random)
            #expect(walk(Array(bytes.prefix(length))) != nil)
            #expect(walk(random.bytes(1...20_000)) != nil)
        }
    }

    private func walk(_ bytes: [UInt8]) -> StoreError? {
        let path = stores.path + "/data.mdb"
        writeFile(bytes, to: path)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        do throws(StoreError) {
            try PageWalk.check(stores.path, descriptor: descriptor)
            return nil
        } catch {
            return error
        }
    }
}
