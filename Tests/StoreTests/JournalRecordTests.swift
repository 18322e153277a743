import StoreTesting
import Testing

@testable import Store

@Suite struct JournalRecordTests {
    @Test func `the checksum is CRC-32C, with and without help of the processor`() {
        Array("123456789".utf8).withUnsafeBytes { #expect(CRC32C.checksum($0) == 0xE306_9283) }
        var random = SeededGenerator(seed: 1)
        for count in 0...70 {
            random.bytes(count...count).withUnsafeBytes { #expect(CRC32C.checksum($0) == CRC32C.tableChecksum($0)) }
        }
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func `a record is read as it was written, in whole blocks`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for sequence in 1...50 as ClosedRange<UInt64> {
            let batch = randomBatch(&random)
            let bytes = try encoded(batch, salt: seed, sequence: sequence)
            #expect(bytes.count % JournalRecord.blockSize == 0)
            let record = try #require(bytes.withUnsafeBytes { JournalRecord($0) }, "seed \(seed)")
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
    func `a damaged record is not taken for one`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 1...300 {
            let batch = randomBatch(&random)
            var bytes = try encoded(batch, salt: seed, sequence: 7)
            let used = bytes.withUnsafeBytes { JournalRecord.length($0, salt: seed) ?? 0 }
            switch Int.random(in: 0..<3, using: &random) {
            case 0: bytes[Int.random(in: 0..<used, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes.removeLast(bytes.count - Int.random(in: 0..<used, using: &random))
            default:
                let start = Int.random(in: 0..<used, using: &random)
                let end = Int.random(in: start..<used, using: &random)
                let before = bytes
                for index in start...end { bytes[index] = .random(in: 0...255, using: &random) }
                if bytes == before { continue }
            }
            #expect(bytes.withUnsafeBytes { JournalRecord($0) } == nil, "seed \(seed)")
        }
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func `no content crashes the reader, even under a right checksum`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 1...500 {
            var bytes = try encoded(randomBatch(&random), salt: seed, sequence: 7)
            let length = Int.random(in: 0...100, using: &random)
            for index in 12..<16 where Bool.random(using: &random) { bytes[index] = .random(in: 0...3, using: &random) }
            for _ in 0...Int.random(in: 0...4, using: &random) {
                bytes[Int.random(in: 40..<160, using: &random)] = [0, 1, 2, 4, 255].randomElement(using: &random) ?? 0
            }
            bytes.withUnsafeMutableBytes { buffer in
                buffer.storeBytes(of: UInt64(length), toByteOffset: 32, as: UInt64.self)
                let covered = UnsafeRawBufferPointer(rebasing: buffer[8..<JournalRecord.headerSize + length])
                buffer.storeBytes(of: CRC32C.checksum(covered), toByteOffset: 4, as: UInt32.self)
            }
            if let record = bytes.withUnsafeBytes({ JournalRecord($0) }) { #expect(record.batch.byteCount <= length) }
            _ = random.bytes(0...200).withUnsafeBytes { JournalRecord($0) }
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
        bytes.withUnsafeMutableBytes { JournalRecord.encode(batch, salt: salt, sequence: sequence, into: $0) }
        return bytes
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
