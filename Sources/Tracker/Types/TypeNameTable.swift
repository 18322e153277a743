/// Finds the position of a type by its prefix: every look at an object asks for it, so it must cost next to nothing.
///
/// A hash table of so few that two rarely meet; the hash is of the first eight bytes.
struct TypeNameTable: Sendable {
    private let prefixes: [TypeName]
    /// Positions in `prefixes`, one higher; zero where there is none. A power of two, at most a quarter full.
    private let slots: [UInt16]

    /// A table of distinct prefixes.
    init(_ prefixes: [TypeName]) {
        var count = 64
        while count < prefixes.count * 4 { count *= 2 }
        var slots = [UInt16](repeating: 0, count: count)
        for (position, prefix) in prefixes.enumerated() {
            var slot = Self.hash(prefix) & (count - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (count - 1) }
            slots[slot] = UInt16(position + 1)
        }
        self.prefixes = prefixes
        self.slots = slots
    }

    /// The position of `prefix`, or nil.
    subscript(prefix: TypeName) -> Int? {
        var slot = Self.hash(prefix) & (slots.count - 1)
        while slots[slot] != 0 {
            let position = Int(slots[slot]) - 1
            if prefixes[position] == prefix { return position }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    private static func hash(_ prefix: TypeName) -> Int {
        var text = prefix.rawValue
        let head = text.withUTF8 { bytes in
            var head = UInt64(bytes.count)
            for byte in bytes.prefix(8) { head = head << 8 ^ UInt64(byte) }
            return head
        }
        return Int(truncatingIfNeeded: (head &* 0x9e37_79b9_7f4a_7c15) >> 40)
    }
}
