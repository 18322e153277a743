import Glibc

/// A batch as the journal keeps it.
///
/// All numbers are little-endian. The header of 40 bytes: a magic number, the checksum of all that follows it, the
/// format, the number of operations (four bytes each), the salt, the sequence number and the length of the rest (eight
/// each). Then for each operation its kind (0 puts, 1 removes) and the keyspace's place (a byte each), two zeros, the
/// lengths of key and value (four bytes each), key and value. A record fills whole blocks, the
/// last one up with zeros.
struct JournalRecord {
    /// What records begin at multiples of, and what a device writes at least.
    static let blockSize = 4096
    static let headerSize = 40

    private static let magic: UInt32 = 0x4C4A_534D  // "MSJL"
    private static let format: UInt32 = 1
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
        return roundUp(length, to: blockSize)
    }

    /// Fills `buffer`, which is as long as `length` says, with the record of a batch.
    static func encode(
        _ batch: WriteBatch, salt: UInt64, sequence: UInt64, into buffer: UnsafeMutableRawBufferPointer
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
        UnsafeMutableRawBufferPointer(rebasing: buffer[end...]).initializeMemory(as: UInt8.self, repeating: 0)
        output.offset = 0
        output.append(magic)
        output.append(UInt32(0))
        output.append(format)
        output.append(UInt32(batch.count))
        output.append(salt)
        output.append(sequence)
        output.append(UInt64(end - headerSize))
        output.offset = 4
        output.append(CRC32C.checksum(UnsafeRawBufferPointer(rebasing: buffer[8..<end])))
    }

    /// How many bytes the record that starts with `header` has, without the fill of its last block; nil if no record of
    /// this time does.
    static func length(_ header: UnsafeRawBufferPointer, salt: UInt64) -> Int? {
        guard header.count >= headerSize, header.number(0, UInt32.self) == magic,
            header.number(8, UInt32.self) == format, header.number(16, UInt64.self) == salt
        else { return nil }
        return Int(exactly: header.number(32, UInt64.self)).flatMap { length in
            length <= Int(Int32.max) * 2 ? headerSize + length : nil
        }
    }

    /// Reads a record; nil if `bytes` is not one, whole and undamaged.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= Self.headerSize else { return nil }
        salt = bytes.number(16, UInt64.self)
        sequence = bytes.number(24, UInt64.self)
        guard let length = Self.length(bytes, salt: salt), length <= bytes.count else { return nil }
        let covered = UnsafeRawBufferPointer(rebasing: bytes[8..<length])
        guard CRC32C.checksum(covered) == bytes.number(4, UInt32.self) else { return nil }
        var batch = WriteBatch()
        var rest = UnsafeRawBufferPointer(rebasing: bytes[Self.headerSize..<length])
        for _ in 0..<bytes.number(12, UInt32.self) {
            guard let next = Self.appendOperation(rest, to: &batch) else { return nil }
            rest = next
        }
        guard rest.isEmpty else { return nil }
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

extension UnsafeRawBufferPointer {
    fileprivate func number<Number: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, _: Number.Type) -> Number {
        Number(littleEndian: loadUnaligned(fromByteOffset: offset, as: Number.self))
    }
}
