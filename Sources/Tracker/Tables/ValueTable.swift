import Glibc

/// Numbers the distinct values that an index builder meets: a hash table from bytes to positions, because a value that has
/// come before should cost neither an allocation nor a strong hash. Values come from objects that are already stored, so a
/// flood of collisions would have to be stored first; it costs time at a start, and nothing else.
struct ValueTable {
    /// The values, in the order in which they came.
    private(set) var values: [ByteString] = []
    /// Positions in `values`, one higher; zero where there is none. A power of two, at most half full.
    private var slots = [UInt32](repeating: 0, count: 64)

    /// The position of `value`, and whether it is a new one.
    mutating func position(of value: UnsafeRawBufferPointer) -> (position: Int, isNew: Bool) {
        if values.count * 2 >= slots.count { grow() }
        var slot = Self.hash(value) & (slots.count - 1)
        while slots[slot] != 0 {
            let position = Int(slots[slot]) - 1
            if Self.isSame(values[position], value) { return (position, false) }
            slot = (slot + 1) & (slots.count - 1)
        }
        values.append(ByteString(value))
        slots[slot] = UInt32(values.count)
        return (values.count - 1, true)
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 4)
        for (position, value) in values.enumerated() {
            var slot = value.withUnsafeBytes { Self.hash($0) } & (slots.count - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = UInt32(position + 1)
        }
    }

    private static func isSame(_ value: ByteString, _ bytes: UnsafeRawBufferPointer) -> Bool {
        value.withUnsafeBytes { mine in
            mine.count == bytes.count
                && (mine.isEmpty || memcmp(mine.baseAddress!, bytes.baseAddress!, mine.count) == 0)
        }
    }

    /// Multiplies and folds eight bytes at a time.
    private static func hash(_ bytes: UnsafeRawBufferPointer) -> Int {
        var hash = UInt64(bytes.count) &+ 0x9e37_79b9_7f4a_7c15
        var rest = bytes
        while rest.count >= 8 {
            hash = fold(hash ^ rest.loadUnaligned(as: UInt64.self))
            rest = UnsafeRawBufferPointer(rebasing: rest[8...])
        }
        var tail: UInt64 = 0
        for byte in rest { tail = tail << 8 | UInt64(byte) }
        return Int(truncatingIfNeeded: fold(hash ^ tail) >> 1)
    }

    private static func fold(_ word: UInt64) -> UInt64 {
        let product = word.multipliedFullWidth(by: 0xbf58_476d_1ce4_e5b9)
        return product.high ^ product.low
    }
}
