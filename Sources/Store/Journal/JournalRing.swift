/// Which parts of a journal's file are in use: the records that are not checkpointed yet, one after the other from `tail` to
/// `head`, going on at `start` where the end was too near.
///
/// The file is used again from its start whenever that is free, and grows only when there is no other way. So it is as
/// long as the load has asked for, and a small installation has a small one.
struct JournalRing: Sendable {
    /// Where the first record can be.
    let start: Int
    /// How long the file may become.
    let limit: Int
    /// How much of the file has been written before and can be overwritten at little cost.
    var written: Int
    private var head: Int
    private var tail: Int
    private var isEmpty = true

    /// A ring without records.
    init(start: Int = JournalRecord.start, limit: Int, written: Int) {
        (self.start, head, tail) = (start, start, start)
        self.limit = limit
        self.written = min(written, limit)
    }

    /// Where a record of that length can go; nil if records must be checkpointed first. If its end is beyond `written`, the
    /// file has to grow.
    func place(for length: Int) -> Int? {
        if isEmpty { return start + length <= limit ? start : nil }
        if head <= tail { return head + length <= tail ? head : nil }
        if head + length <= written { return head }
        if start + length <= tail { return start }
        return head + length <= limit ? head : nil
    }

    /// Notes that a record is at a place that `place` gave.
    mutating func take(_ offset: Int, length: Int) {
        if isEmpty { tail = offset }
        isEmpty = false
        head = offset + length
    }

    /// Notes that all records up to the one that ends at `end` are checkpointed, and whether there are others.
    mutating func release(upTo end: Int, isEmpty: Bool) {
        tail = end
        self.isEmpty = isEmpty
    }
}
