import Basics
import Glibc

/// The 512 bytes that a device writes whole or not at all, as the journal seals them: 504 bytes of content, a mark that names
/// the record they belong to, and a checksum over both that depends on the sector's place.
///
/// So what was cut short can be told from what rotted. After a power cut a sector is the record's, or still what it was:
/// blank, or sealed for an older record. Anything else is damage.
struct JournalSector {
    static let size = 512
    static let contentSize = 504

    /// What a sector turns out to be.
    enum State: Equatable {
        /// Never written but for zeros.
        case blank
        /// Whole, and of the record with that mark.
        case sealed(mark: UInt32)
        case damaged
    }

    /// The mark of a record.
    static func mark(salt: UInt64, sequence: UInt64) -> UInt32 {
        UInt32(truncatingIfNeeded: salt ^ salt >> 32) &+ UInt32(truncatingIfNeeded: sequence)
    }

    /// Spreads `content` bytes at the start of `buffer` over its sectors, whole ones, and seals all of them.
    ///
    /// - Parameter offset: where in the file the buffer will be.
    static func seal(_ buffer: UnsafeMutableRawBufferPointer, content: Int, mark: UInt32, at offset: Int) {
        guard let base = buffer.baseAddress else { return }
        let used = (content + contentSize - 1) / contentSize
        memset(base + content, 0, min(used * contentSize, buffer.count) - content)
        for index in stride(from: used - 1, to: 0, by: -1) {
            memmove(base + index * size, base + index * contentSize, contentSize)
        }
        for index in 0..<buffer.count / size {
            let sector = base + index * size
            if index >= used { memset(sector, 0, contentSize) }
            sector.storeBytes(of: mark.littleEndian, toByteOffset: contentSize, as: UInt32.self)
            let sum = checksum(UnsafeRawBufferPointer(start: sector, count: size), at: offset + index * size)
            sector.storeBytes(of: sum.littleEndian, toByteOffset: contentSize + 4, as: UInt32.self)
        }
    }

    /// What the sector that `bytes` begin with, read from `offset`, is.
    static func state(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> State {
        guard bytes.count >= size else { return .damaged }
        if checksum(bytes, at: offset) == bytes.number(contentSize + 4, UInt32.self) {
            return .sealed(mark: bytes.number(contentSize, UInt32.self))
        }
        return bytes.prefix(size).allSatisfy { $0 == 0 } ? .blank : .damaged
    }

    /// The content of sectors one after the other.
    static func content(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var content: [UInt8] = []
        content.reserveCapacity(bytes.count / size * contentSize)
        for start in stride(from: 0, to: bytes.count - size + 1, by: size) {
            content += bytes.part(start..<start + contentSize)
        }
        return content
    }

    private static func checksum(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt32 {
        // Never the checksum of zeros: the mark of a blank sector could be that of a record.
        CRC32C.checksum(bytes.part(0..<contentSize + 4), seed: UInt32(truncatingIfNeeded: offset / size) ^ 0x4D53_4A53)
    }
}
