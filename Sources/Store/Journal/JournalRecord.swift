import Basics
import Glibc

/// A batch as the journal keeps it.
///
/// All numbers are little-endian. The header of 40 bytes: a magic number, four bytes that held a checksum before format 2, the
/// format, the number of operations (four bytes each), the salt, the sequence number and the length of the rest (eight
/// each). Then for each operation its kind (0 puts, 1 removes) and the keyspace's place (a byte each), two zeros, the
/// lengths of key and value (four bytes each), key and value. That is the content of sealed sectors (`JournalSector`), which
/// fill whole blocks.
struct JournalRecord {
    /// What records begin at multiples of, and what a device writes at least.
    static let blockSize = 4096
    static let headerSize = 40
    /// Where the first record is, behind the file's header.
    static let start = blockSize

    private static let magic: UInt32 = 0x4C4A_534D  // "MSJL"
    private static let format: UInt32 = 2
    private static let plainFormat: UInt32 = 1
    private static let operationHeaderSize = 12

    let salt: UInt64
    let sequence: UInt64
    let batch: WriteBatch

    /// The bytes that a batch takes in the journal, whole blocks; nil if it is none for a journal, since it clears a
    /// keyspace or is too long to count.
    static func length(of batch: WriteBatch) -> Int? {
        var length = headerSize
        for operation in batch.operations {
            switch operation {
            case .put(_, let key, let value):
                guard max(key.count, value.count) <= Int32.max else { return nil }
                length += operationHeaderSize + key.count + value.count
            case .remove(_, let key):
                guard key.count <= Int32.max else { return nil }
                length += operationHeaderSize + key.count
            case .clear: return nil
            }
        }
        let sectors = (length + JournalSector.contentSize - 1) / JournalSector.contentSize
        return roundUp(sectors * JournalSector.size, to: blockSize)
    }

    /// Fills `buffer`, which is as long as `length` says, with the record of a batch, to be written at `offset`.
    static func encode(
        _ batch: WriteBatch, salt: UInt64, sequence: UInt64, at offset: Int, into buffer: UnsafeMutableRawBufferPointer
    ) {
        var output = RecordOutput(buffer, offset: headerSize)
        for operation in batch.operations {
            switch operation {
            case .put(let keyspace, let key, let value): output.append(0, keyspace, key, value)
            case .remove(let keyspace, let key): output.append(1, keyspace, key, [])
            case .clear: preconditionFailure("a journal cannot clear the keyspaces of a batch")
            }
        }
        let end = output.offset
        output.offset = 0
        output.append(magic)
        output.append(UInt32(0))
        output.append(format)
        output.append(UInt32(batch.count))
        output.append(salt)
        output.append(sequence)
        output.append(UInt64(end - headerSize))
        let mark = JournalSector.mark(salt: salt, sequence: sequence)
        JournalSector.seal(buffer, content: end, mark: mark, at: offset)
    }

    /// What a record says before its operations.
    struct Header {
        let format: UInt32
        let count: UInt32
        let salt: UInt64
        let sequence: UInt64
        /// How many bytes the record has, header and all.
        let length: Int

        /// Reads a header; nil if the bytes begin with none.
        init?(_ bytes: UnsafeRawBufferPointer) {
            guard bytes.count >= headerSize, bytes.number(0, UInt32.self) == magic,
                let rest = Int(exactly: bytes.number(32, UInt64.self)), rest <= Int(Int32.max) * 2
            else { return nil }
            format = bytes.number(8, UInt32.self)
            count = bytes.number(12, UInt32.self)
            salt = bytes.number(16, UInt64.self)
            sequence = bytes.number(24, UInt64.self)
            length = headerSize + rest
        }
    }

    /// How many bytes of blocks the record has whose first sector is `sector`; nil if no record of this time begins so.
    static func sealedLength(_ sector: UnsafeRawBufferPointer, salt: UInt64) -> Int? {
        guard let header = Header(sector), header.format == format, header.salt == salt else { return nil }
        let sectors = (header.length + JournalSector.contentSize - 1) / JournalSector.contentSize
        return roundUp(sectors * JournalSector.size, to: blockSize)
    }

    /// The same for format 1, without the fill of the last block.
    static func plainLength(_ bytes: UnsafeRawBufferPointer, salt: UInt64) -> Int? {
        guard let header = Header(bytes), header.format == plainFormat, header.salt == salt else { return nil }
        return header.length
    }

    /// Reads a record from the content of its sectors; nil if it is none.
    init?(_ content: UnsafeRawBufferPointer) {
        guard let header = Header(content), header.format == Self.format else { return nil }
        self.init(content, header)
    }

    /// Reads a record of format 1; nil if `bytes` is not one, whole and undamaged.
    init?(plain bytes: UnsafeRawBufferPointer) {
        guard let header = Header(bytes), header.format == Self.plainFormat, header.length <= bytes.count,
            CRC32C.checksum(bytes.part(8..<header.length)) == bytes.number(4, UInt32.self)
        else { return nil }
        self.init(bytes, header)
    }

    private init?(_ bytes: UnsafeRawBufferPointer, _ header: Header) {
        guard header.length <= bytes.count else { return nil }
        var batch = WriteBatch()
        var rest = bytes.part(Self.headerSize..<header.length)
        for _ in 0..<header.count {
            guard let next = Self.appendOperation(rest, to: &batch) else { return nil }
            rest = next
        }
        guard rest.isEmpty else { return nil }
        (salt, sequence) = (header.salt, header.sequence)
        self.batch = batch
    }

    /// Reads one operation and gives what follows it; nil if there is none.
    private static func appendOperation(
        _ bytes: UnsafeRawBufferPointer, to batch: inout WriteBatch
    ) -> UnsafeRawBufferPointer? {
        guard bytes.count >= operationHeaderSize, Int(bytes[1]) < Keyspace.allCases.count else { return nil }
        let keyspace = Keyspace.allCases[Int(bytes[1])]
        let keyEnd = operationHeaderSize + Int(bytes.number(4, UInt32.self))
        let end = keyEnd + Int(bytes.number(8, UInt32.self))
        guard end <= bytes.count else { return nil }
        let key = Array(bytes[operationHeaderSize..<keyEnd])
        switch bytes[0] {
        case 0: batch.put(keyspace, key: key, value: Array(bytes[keyEnd..<end]))
        case 1: batch.remove(keyspace, key: key)
        default: return nil
        }
        return UnsafeRawBufferPointer(rebasing: bytes[end...])
    }
}

/// The smallest multiple of `unit` that is not less than `number`.
func roundUp(_ number: Int, to unit: Int) -> Int {
    (number + unit - 1) / unit * unit
}

/// Writes numbers and bytes one after the other into memory that is known to have room.
private struct RecordOutput {
    let buffer: UnsafeMutableRawBufferPointer
    var offset: Int

    init(_ buffer: UnsafeMutableRawBufferPointer, offset: Int) {
        self.buffer = buffer
        self.offset = offset
    }

    mutating func append(_ kind: UInt8, _ keyspace: Keyspace, _ key: [UInt8], _ value: [UInt8]) {
        append(UInt32(kind) | UInt32(keyspace.ordinal) << 8)
        append(UInt32(key.count))
        append(UInt32(value.count))
        append(key)
        append(value)
    }

    mutating func append(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.littleEndian) { append($0) }
    }

    private mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { append($0) }
    }

    private mutating func append(_ bytes: UnsafeRawBufferPointer) {
        UnsafeMutableRawBufferPointer(rebasing: buffer[offset..<offset + bytes.count]).copyMemory(from: bytes)
        offset += bytes.count
    }
}
