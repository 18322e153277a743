/// A set of numbers from 0 to 63.
struct BitSet: Sendable, Hashable {
    private var bits: UInt64 = 0

    /// No numbers.
    init() {}

    /// A set of `numbers`; others than 0 to 63 are a programmer error.
    init(_ numbers: some Sequence<Int>) { for number in numbers { insert(number) } }

    /// Whether there are no numbers.
    var isEmpty: Bool { bits == 0 }

    /// Whether `number`, from 0 to 63, is in the set.
    func contains(_ number: Int) -> Bool { bits >> UInt64(number) & 1 == 1 }

    /// Puts `number` in.
    mutating func insert(_ number: Int) {
        precondition(0..<64 ~= number, "\(number) does not fit a set of 64 numbers")
        bits |= 1 << UInt64(number)
    }

    /// Takes `number` out.
    mutating func remove(_ number: Int) { bits &= ~(1 << UInt64(number)) }

    /// Puts all of `other` in.
    mutating func formUnion(_ other: BitSet) { bits |= other.bits }

    /// The least number that is not below `start`; nil if there is none.
    func first(from start: Int) -> Int? {
        guard start < 64 else { return nil }
        let rest = bits & (UInt64.max << UInt64(max(0, start)))
        return rest == 0 ? nil : rest.trailingZeroBitCount
    }
}
