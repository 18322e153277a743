import StoreTesting
import Testing

@testable import Tracker

@Suite struct `Ranges of rows` {
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `are the rows that were added`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var (ranges, model, next) = (RowRanges(), [UInt32](), UInt32(0))
        for _ in 0..<Int.random(in: 1...30, using: &random) {
            let start = next + UInt32.random(in: 0...2, using: &random)
            let rows = start..<start + UInt32.random(in: 1...3, using: &random)
            for _ in 0..<Int.random(in: 1...2, using: &random) { ranges.add(rows) }
            model += rows
            next = rows.upperBound
        }
        #expect(ranges.rows == model && ranges.count == model.count, "seed \(seed)")
        #expect(ranges.others(of: Int(next) + 3) == (0..<next + 3).filter { !model.contains($0) }, "seed \(seed)")
    }
}
