/// Where the next record of a journal is expected: all before it is checkpointed.
///
/// It is written to LMDB in the transaction that checkpoints, so the two cannot disagree. A store that was closed has none.
struct JournalPosition: Hashable, Sendable {
    /// A random number, another at each opening, that all records of that time carry. Records of another time, or of
    /// another store, are none of ours.
    var salt: UInt64
    /// The number that the next record carries. No number is used twice under one salt.
    var sequence: UInt64
    /// Where in the file it begins, unless it begins at the file's start.
    var offset: Int

    /// The key it is stored under, in the unnamed database.
    static let key = Array("muster-journal".utf8)

    private static let byteCount = 24

    /// The stored form: three little-endian numbers.
    var encoded: [UInt8] {
        [salt, sequence, UInt64(offset)].flatMap { number in
            withUnsafeBytes(of: number.littleEndian) { Array($0) }
        }
    }

    /// Reads the stored form; nil if it is none.
    init?(encoded bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Self.byteCount else { return nil }
        let numbers = (0..<3).map { UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self)) }
        guard let offset = Int(exactly: numbers[2]) else { return nil }
        self.init(salt: numbers[0], sequence: numbers[1], offset: offset)
    }

    /// Makes a position.
    init(salt: UInt64, sequence: UInt64, offset: Int) {
        self.salt = salt
        self.sequence = sequence
        self.offset = offset
    }
}
