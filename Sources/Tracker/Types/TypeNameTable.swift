/// Finds the position of a type by its type name: every look at an object asks for it, so it must cost next to nothing.
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
        for (position, typeName) in prefixes.enumerated() {
            var slot = Self.hash(typeName) & (count - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (count - 1) }
            slots[slot] = UInt16(position + 1)
        }
        self.prefixes = prefixes
        self.slots = slots
    }

    /// The position of `typeName`, or nil.
    subscript(typeName: TypeName) -> Int? {
        var slot = Self.hash(typeName) & (slots.count - 1)
        while slots[slot] != 0 {
            let position = Int(slots[slot]) - 1
            if prefixes[position] == typeName { return position }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    private static func hash(_ typeName: TypeName) -> Int {
        var text = typeName.rawValue
        let head = text.withUTF8 { bytes in
            var head = UInt64(bytes.count)
            for byte in bytes.prefix(8) { head = head << 8 ^ UInt64(byte) }
            return head
        }
        return Int(truncatingIfNeeded: (head &* 0x9e37_79b9_7f4a_7c15) >> 40)
    }
}
