/// How much of a task's output waits for the server, and where in the file of the waiting: the file is written round and round.
struct OutputBacklog: Hashable, Sendable {
    /// How many bytes the file holds.
    let capacity: Int
    /// How many bytes came, without those that were dropped.
    private(set) var written = 0
    /// How many of those the server has.
    private(set) var sent = 0
    /// How many bytes were dropped since that was last told.
    private(set) var dropped = 0
    /// The byte that stands at the beginning of the file.
    private var origin = 0

    /// An empty one.
    init(capacity: Int) { self.capacity = capacity }

    /// How many bytes wait.
    var waiting: Int { written - sent }

    /// Where bytes of the output stand in the file.
    struct Place: Hashable, Sendable {
        /// The offset in the file.
        let offset: Int
        /// How many bytes stand there.
        let count: Int
    }

    /// Takes up to `count` bytes in, and drops what there is no room for.
    ///
    /// - Returns: where they are to be written: one place, or two.
    mutating func add(_ count: Int) -> [Place] {
        // While the server keeps up the file stays as short as what comes at once.
        if waiting == 0 { origin = written }
        let taken = min(count, capacity - waiting)
        dropped += count - taken
        defer { written += taken }
        return places(of: written..<(written + taken))
    }

    /// What waits first.
    ///
    /// - Parameter most: how many bytes are wanted at the most.
    /// - Returns: the number of its first byte, and where it stands in the file.
    func next(atMost most: Int) -> (start: Int, places: [Place]) {
        (sent, places(of: sent..<(sent + min(most, waiting))))
    }

    /// Notes that the server has the first `count` bytes of what waits.
    mutating func acknowledge(_ count: Int) { sent += min(count, waiting) }

    /// How many bytes were dropped, once; nil if none were, or if there is no room to tell it.
    mutating func takeDropped(roomFor length: Int) -> Int? {
        guard dropped > 0, capacity - waiting >= length else { return nil }
        defer { dropped = 0 }
        return dropped
    }

    private func places(of range: Range<Int>) -> [Place] {
        guard !range.isEmpty else { return [] }
        let start = (range.lowerBound - origin) % capacity
        let first = min(range.count, capacity - start)
        let rest = range.count - first
        return [Place(offset: start, count: first)] + (rest > 0 ? [Place(offset: 0, count: rest)] : [])
    }
}
