import Basics
import FuzzTesting
import StoreTesting
import Testing

@testable import Store

/// What is on disk, and what names a store.
@Suite struct StoreFuzzers {
    static let all = [
        Fuzzer("journal-record") { bytes in
            bytes.withUnsafeBytes { buffer in
                if let record = JournalRecord(buffer) { _ = JournalRecord.length(of: record.batch) }
                _ = (JournalSector.state(buffer, at: 512), JournalSector.content(buffer))
            }
            // With the checksum that it should have, so that damage is found by what is behind it.
            sealed(bytes).withUnsafeBytes { buffer in
                if let record = JournalRecord(plain: buffer) { _ = JournalRecord.length(of: record.batch) }
            }
        },
        Fuzzer.text("locator", words: ["lmdb:", "memory:", "//", "?", "&", "ro=true", "mapsize-limit=", "%2F", "64G"]) {
            text in
            if let size = ByteSize.parse(text) {
                try FuzzFailure.unless(ByteSize.parse(ByteSize.format(size)) == size, "it reads back as another size")
            }
            guard let locator = try? StoreLocator(text) else { return }
            try FuzzFailure.unless(
                (try? StoreLocator(locator.description)) == locator, "it reads back as another store")
        },
    ]

    /// The bytes as a record of format 1 and their length.
    private static func sealed(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.count >= JournalRecord.headerSize else { return bytes }
        var sealed = bytes
        sealed.withUnsafeMutableBytes { buffer in
            let length = UInt64(buffer.count - JournalRecord.headerSize).littleEndian
            buffer.storeBytes(of: UInt32(1).littleEndian, toByteOffset: 8, as: UInt32.self)
            buffer.storeBytes(of: length, toByteOffset: 32, as: UInt64.self)
            let sum = CRC32C.checksum(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[8...]))
            buffer.storeBytes(of: sum.littleEndian, toByteOffset: 4, as: UInt32.self)
        }
        return sealed
    }

    @Test(arguments: all) func `take whatever they are given`(fuzzer: Fuzzer) async throws { try await fuzzer.run() }
}
