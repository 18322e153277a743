import Basics

/// The first block of a journal's file: whose records follow, and how long the file is, so that one that was cut short or
/// exchanged is noticed.
struct JournalHeader: Equatable {
    /// The salt of the opening that writes to it.
    var salt: UInt64
    /// How many bytes of the file were written.
    var size: Int

    private static let magic: UInt32 = 0x484A_534D  // "MSJH"
    private static let format: UInt32 = 2
    private static let mark: UInt32 = 0x4845_4144

    /// Fills a block with the header.
    func encode(into buffer: UnsafeMutableRawBufferPointer) {
        buffer.storeBytes(of: Self.magic.littleEndian, toByteOffset: 0, as: UInt32.self)
        buffer.storeBytes(of: Self.format.littleEndian, toByteOffset: 4, as: UInt32.self)
        buffer.storeBytes(of: salt.littleEndian, toByteOffset: 8, as: UInt64.self)
        buffer.storeBytes(of: UInt64(size).littleEndian, toByteOffset: 16, as: UInt64.self)
        JournalSector.seal(buffer, content: 24, mark: Self.mark, at: 0)
    }

    /// Reads a header; nil if the bytes begin with none that is whole.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard JournalSector.state(bytes, at: 0) == .sealed(mark: Self.mark), bytes.number(0, UInt32.self) == Self.magic,
            bytes.number(4, UInt32.self) == Self.format, let size = Int(exactly: bytes.number(16, UInt64.self))
        else { return nil }
        self.init(salt: bytes.number(8, UInt64.self), size: size)
    }

    /// Makes a header.
    init(salt: UInt64, size: Int) {
        self.salt = salt
        self.size = size
    }
}
