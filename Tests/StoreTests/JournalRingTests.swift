import StoreTesting
import Testing

@testable import Store

@Suite struct JournalRingTests {
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `no record is placed over one that is not checkpointed, and a checkpointed ring takes any`(seed: UInt64) throws
    {
        var random = SeededGenerator(seed: seed)
        let limit = 4096 * Int.random(in: 4...40, using: &random)
        var ring = JournalRing(limit: limit, written: 4096 * Int.random(in: 0...8, using: &random))
        var memtable: [Range<Int>] = []
        for _ in 0..<2000 {
            if !memtable.isEmpty, Int.random(in: 0..<4, using: &random) == 0 {
                let count = Int.random(in: 1...memtable.count, using: &random)
                let end = memtable[count - 1].upperBound
                memtable.removeFirst(count)
                ring.release(upTo: end, isEmpty: memtable.isEmpty)
            }
            let length = 4096 * Int.random(in: 1...(limit / 4096 - 1), using: &random)
            guard let offset = ring.place(for: length) else {
                #expect(!memtable.isEmpty, "seed \(seed): an empty ring refuses \(length) of \(limit)")
                continue
            }
            let range = offset..<offset + length
            #expect(range.upperBound <= limit, "seed \(seed)")
            #expect(memtable.allSatisfy { !$0.overlaps(range) }, "seed \(seed): \(range) is in use")
            // A reader looks for a record after the one before it, and at the start.
            #expect(
                offset == JournalRecord.start || offset == memtable.last?.upperBound,
                "seed \(seed): nobody looks at \(offset)")
            memtable.append(range)
            ring.take(offset, length: length)
            ring.written = max(ring.written, range.upperBound)
        }
    }

    @Test func `the file grows only when there is no room in what is written`() {
        var ring = JournalRing(start: 0, limit: 64 << 10, written: 16 << 10)
        for offset in [0, 4096, 8192, 12288] {
            #expect(ring.place(for: 4096) == offset)
            ring.take(offset, length: 4096)
        }
        ring.release(upTo: 8192, isEmpty: false)
        #expect(ring.place(for: 8192) == 0)
        #expect(ring.place(for: 12288) == 16 << 10)
        ring.release(upTo: 16 << 10, isEmpty: true)
        #expect(ring.place(for: 4096) == 0)
    }
}
