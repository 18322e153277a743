/// Which parts of a journal's file are in use: the records that are not settled yet, one after the other from `tail` to
/// `head`, going on at 0 where the end was too near.
///
/// The file is used again from its start whenever that is free, and grows only when there is no other way. So it is as
/// long as the load has asked for, and a small installation has a small one.
struct JournalRing: Sendable {
    /// How long the file may become.
    let limit: Int
    /// How much of the file has been written before and can be overwritten at little cost.
    var written: Int
    private var head = 0
    private var tail = 0
    private var isEmpty = true

    /// A ring without records.
    init(limit: Int, written: Int) {
        self.limit = limit
        self.written = min(written, limit)
    }

    /// Where a record of that length can go; nil if records must be settled first. If its end is beyond `written`, the
    /// file has to grow.
    func place(for length: Int) -> Int? {
        if isEmpty { return length <= limit ? 0 : nil }
        if head <= tail { return head + length <= tail ? head : nil }
        if head + length <= written { return head }
        if length <= tail { return 0 }
        return head + length <= limit ? head : nil
    }

    /// Notes that a record is at a place that `place` gave.
    mutating func take(_ offset: Int, length: Int) {
        if isEmpty { tail = offset }
        isEmpty = false
        head = offset + length
    }

    /// Notes that all records up to the one that ends at `end` are settled, and whether there are others.
    mutating func release(upTo end: Int, isEmpty: Bool) {
        tail = end
        self.isEmpty = isEmpty
    }
}
