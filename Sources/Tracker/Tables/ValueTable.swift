import Basics

/// Numbers the distinct values that an index builder meets: a hash table from bytes to positions, because a value that has
/// come before should cost neither an allocation nor a strong hash. Values come from objects that are already stored, so a
/// flood of collisions would have to be stored first; it costs time at a start, and nothing else.
struct ValueTable {
    /// The values, in the order in which they came.
    private(set) var values: [ByteString] = []
    /// A power of two, at most half of them in use.
    private var slots = [Slot](repeating: Slot(), count: 64)

    /// A position in `values`, one higher, and some bits of the value's hash; zero where there is none.
    private struct Slot {
        var tag: UInt32 = 0
        var number: UInt32 = 0
    }

    /// The position of `value`, and whether it is a new one.
    mutating func position(of value: UnsafeRawBufferPointer) -> (position: Int, isNew: Bool) {
        let hash = ByteHash.hash(value, seed: 0)
        let tag = UInt32(truncatingIfNeeded: hash >> 32)
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot].number != 0 {
            let position = Int(slots[slot].number) - 1
            if slots[slot].tag == tag, values[position].holds(value) { return (position, false) }
            slot = (slot + 1) & (slots.count - 1)
        }
        values.append(ByteString(value))
        slots[slot] = Slot(tag: tag, number: UInt32(values.count))
        if values.count * 2 >= slots.count { grow() }
        return (values.count - 1, true)
    }

    /// Whether `value` is the one at `position`.
    func isValue(at position: Int, _ value: UnsafeRawBufferPointer) -> Bool { values[position].holds(value) }

    private mutating func grow() {
        slots = [Slot](repeating: Slot(), count: slots.count * 4)
        for (position, value) in values.enumerated() {
            let hash = value.withUnsafeBytes { ByteHash.hash($0, seed: 0) }
            var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
            while slots[slot].number != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = Slot(tag: UInt32(truncatingIfNeeded: hash >> 32), number: UInt32(position + 1))
        }
    }
}
