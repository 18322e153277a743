import CChecksum

/// CRC-32C, the checksum by Castagnoli that iSCSI and ext4 use: by the processor's own instruction where it has one, which
/// is some gigabytes a second, else from a table.
public struct CRC32C: Sendable {
    private var state: UInt32

    /// Begins a checksum.
    ///
    /// - Parameter seed: a number that what is summed up belongs to, so that the same bytes elsewhere have another checksum.
    public init(seed: UInt32 = 0) { state = ~seed }

    /// Takes more bytes.
    public mutating func add(_ bytes: UnsafeRawBufferPointer) {
        guard Self.isInHardware, let start = bytes.baseAddress else { return state = Self.table(state, bytes) }
        state = crc32c_update(state, start.assumingMemoryBound(to: UInt8.self), bytes.count)
    }

    /// The checksum of what was taken.
    public var value: UInt32 { ~state }

    /// The checksum of `bytes`.
    public static func checksum(_ bytes: UnsafeRawBufferPointer, seed: UInt32 = 0) -> UInt32 {
        var sum = CRC32C(seed: seed)
        sum.add(bytes)
        return sum.value
    }

    /// The same without help of the processor.
    static func tableChecksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 { ~table(~0, bytes) }

    private static func table(_ state: UInt32, _ bytes: UnsafeRawBufferPointer) -> UInt32 {
        bytes.reduce(state) { state, byte in table[Int(UInt8(truncatingIfNeeded: state) ^ byte)] ^ state >> 8 }
    }

    private static let isInHardware = crc32c_is_supported()

    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { state, _ in state & 1 == 1 ? state >> 1 ^ 0x82F6_3B78 : state >> 1 }
    }
}
