import Basics
import StoreTesting
import Testing

@testable import Store

@Suite struct JournalRecordTests {
    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func `a record is read as it was written, in whole blocks of sealed sectors`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for sequence in 1...50 as ClosedRange<UInt64> {
            let batch = randomBatch(&random)
            let bytes = try encoded(batch, salt: seed, sequence: sequence)
            #expect(bytes.count % JournalRecord.blockSize == 0)
            let mark = JournalSector.mark(salt: seed, sequence: sequence)
            for start in stride(from: 0, to: bytes.count, by: JournalSector.size) {
                #expect(state(bytes, at: start) == .sealed(mark: mark))
            }
            #expect(bytes.withUnsafeBytes { JournalRecord.sealedLength($0, salt: seed) } == bytes.count)
            let record = try #require(decoded(bytes), "seed \(seed)")
            #expect(record.salt == seed && record.sequence == sequence)
            #expect(record.batch.operations == batch.operations, "seed \(seed)")
        }
    }

    @Test func `a batch that clears is none for a journal`() {
        var batch = WriteBatch()
        batch.clear(.data)
        #expect(JournalRecord.length(of: batch) == nil)
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func `a damaged sector is neither blank nor sealed, whatever bit it is`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let blank = [UInt8](repeating: 0, count: JournalRecord.blockSize)
        #expect(state(blank, at: 512) == .blank)
        let written = try encoded(randomBatch(&random), salt: seed, sequence: 7)
        for bit in 0..<JournalSector.size * 8 {
            for var bytes in [blank, written] {
                bytes[512 + bit / 8] ^= 1 << UInt8(bit % 8)
                #expect(state(bytes, at: 512) == .damaged, "seed \(seed) bit \(bit)")
            }
        }
        // A sector that was written to another place is damage there.
        #expect(state(Array(written[512...]), at: 0) == .damaged)
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func `no content crashes the reader`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 1...500 {
            let record = try encoded(randomBatch(&random), salt: seed, sequence: 7)
            var content = record.withUnsafeBytes { JournalSector.content($0) }
            let length = Int.random(in: 0...100, using: &random)
            for index in 12..<16 where Bool.random(using: &random) {
                content[index] = .random(in: 0...3, using: &random)
            }
            for _ in 0...Int.random(in: 0...4, using: &random) {
                content[Int.random(in: 40..<160, using: &random)] =
                    [0, 1, 2, 4, 255].randomElement(using: &random) ?? 0
            }
            content.withUnsafeMutableBytes { $0.storeBytes(of: UInt64(length), toByteOffset: 32, as: UInt64.self) }
            if let record = content.withUnsafeBytes({ JournalRecord($0) }) { #expect(record.batch.byteCount <= length) }
            for bytes in [content, random.bytes(0...200)] {
                _ = bytes.withUnsafeBytes { JournalRecord($0) }
                _ = bytes.withUnsafeBytes { JournalRecord(plain: $0) }
                _ = bytes.withUnsafeBytes { JournalHeader($0) }
            }
        }
    }

    @Test func `a position is read as it was written, and nothing else is one`() {
        let position = JournalPosition(salt: .max - 1, sequence: 1 << 40, offset: 1 << 33)
        #expect(position.encoded.withUnsafeBytes { JournalPosition(encoded: $0) } == position)
        #expect([UInt8(1), 2, 3].withUnsafeBytes { JournalPosition(encoded: $0) } == nil)
        let beyond = [UInt8](repeating: 255, count: 24)
        #expect(beyond.withUnsafeBytes { JournalPosition(encoded: $0) } == nil)
    }

    private func encoded(_ batch: WriteBatch, salt: UInt64, sequence: UInt64) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0xAA, count: try #require(JournalRecord.length(of: batch)))
        bytes.withUnsafeMutableBytes { JournalRecord.encode(batch, salt: salt, sequence: sequence, at: 0, into: $0) }
        return bytes
    }

    private func decoded(_ bytes: [UInt8]) -> JournalRecord? {
        bytes.withUnsafeBytes { JournalSector.content($0) }.withUnsafeBytes { JournalRecord($0) }
    }

    private func state(_ bytes: [UInt8], at start: Int) -> JournalSector.State {
        bytes.withUnsafeBytes { JournalSector.state($0.part(start..<bytes.count), at: start) }
    }

    private func randomBatch(_ random: inout SeededGenerator) -> WriteBatch {
        var batch = WriteBatch()
        for _ in 0..<Int.random(in: 1...8, using: &random) {
            let keyspace = Keyspace.allCases.randomElement(using: &random) ?? .data
            if Int.random(in: 0..<4, using: &random) == 0 {
                batch.remove(keyspace, key: random.bytes(0...20))
            } else {
                batch.put(keyspace, key: random.bytes(1...20), value: random.bytes(0...1500))
            }
        }
        return batch
    }
}
