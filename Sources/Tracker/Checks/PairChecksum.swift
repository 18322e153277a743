import Basics

/// Adds up the pairs of a relation, such as values and the keys of the rows that have them, in numbers that do not depend on their
/// order. Two relations that differ have the same sums by a chance of about one in 2⁵⁸.
///
/// So relations of any size are compared in one walk along each, without look-ups and without memory. The sum of all pairs of a
/// value is the value's number times the sum of the keys' numbers: what an index leaves out need not be walked either.
struct PairChecksum: Hashable, Sendable {
    private(set) var count = 0
    private(set) var sum: UInt64 = 0

    /// Adds the pairs of one left side with `count` right sides, whose numbers come to `sum`.
    mutating func add(_ left: UInt64, with count: Int, _ sum: UInt64) {
        self.count += count
        self.sum &+= left &* sum
    }
}

/// Turns bytes into numbers that are drawn anew for each check, so that nobody can make up relations with the same sum.
struct PairHasher: Sendable {
    private let seeds: (left: UInt64, right: UInt64)

    init() {
        var random = SystemRandomNumberGenerator()
        seeds = (random.next(), random.next())
    }

    /// The number of a pair's left side.
    func left(_ bytes: UnsafeRawBufferPointer) -> UInt64 { ByteHash.hash(bytes, seed: seeds.left) }

    /// The number of a pair's right side.
    func right(_ bytes: UnsafeRawBufferPointer) -> UInt64 { ByteHash.hash(bytes, seed: seeds.right) }

    /// The number of a pair's right side.
    func right(_ key: ByteString) -> UInt64 { key.withUnsafeBytes { right($0) } }
}
