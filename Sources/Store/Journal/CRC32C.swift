import CStorage

/// CRC-32C, the checksum by Castagnoli that iSCSI and ext4 use: by the processor's own instruction where it has one, which
/// is some gigabytes a second, else from a table.
enum CRC32C {
    /// The checksum of `bytes`.
    static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        guard isInHardware, let start = bytes.baseAddress else { return tableChecksum(bytes) }
        return ~crc32c_update(~0, start.assumingMemoryBound(to: UInt8.self), bytes.count)
    }

    /// The same without help of the processor.
    static func tableChecksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        ~bytes.reduce(~0) { state, byte in table[Int(UInt8(truncatingIfNeeded: state) ^ byte)] ^ state >> 8 }
    }

    private static let isInHardware = crc32c_is_supported()

    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { state, _ in state & 1 == 1 ? state >> 1 ^ 0x82F6_3B78 : state >> 1 }
    }
}
