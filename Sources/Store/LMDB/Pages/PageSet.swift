/// A set of page numbers, one bit for each page of the file.
struct PageSet {
    private var words: [UInt64]

    /// An empty set of numbers below `limit`.
    init(below limit: Int) { words = Array(repeating: 0, count: (limit + 63) / 64) }

    /// Adds a number below the limit, and says whether it is new.
    mutating func insert(_ number: UInt64) -> Bool {
        let (word, bit) = (Int(number >> 6), UInt64(1) << (number & 63))
        guard words[word] & bit == 0 else { return false }
        words[word] |= bit
        return true
    }
}
