import StoreTesting
import Testing

@testable import Tracker

@Suite struct `A table of values` {
    @Test func `numbers values in the order in which they come`() {
        var random = SeededGenerator(seed: 5)
        var (table, model) = (ValueTable(), [ByteString: Int]())
        for _ in 0..<20_000 {
            let value = ByteString("v\(Int.random(in: 0..<5000, using: &random))")
            let (position, isNew) = value.withUnsafeBytes { table.position(of: $0) }
            #expect(isNew == (model[value] == nil))
            #expect(position == model[value] ?? model.count)
            #expect(value.withUnsafeBytes { table.isValue(at: position, $0) })
            model[value] = position
        }
        #expect(table.values.count == model.count)
    }
}
