import StoreTesting
import Testing

@testable import Tracker

@Suite struct `Scattered values` {
    private static func value(_ random: inout SeededGenerator) -> [UInt8] {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: Array("node-\(Int.random(in: 0..<300, using: &random))".utf8)
        case 1: (0..<Int.random(in: 0...3, using: &random)).map { _ in UInt8.random(in: 0...1, using: &random) }
        case 2:
            Array("sixteen bytes in".utf8)
                + (0..<Int.random(in: 0...3, using: &random)).map { _ in UInt8.random(in: 0...1, using: &random) }
        default: (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        }
    }

    @Test(arguments: 0...12 as ClosedRange<UInt64>)
    func `are sorted by value, and by row where they are equal`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var (scattered, model) = (SortedRun(), [(value: ByteString, row: UInt32)]())
        for row in 0..<UInt32(seed * seed * 20) {
            let values = (0..<Int.random(in: 1...2, using: &random)).map { _ in Self.value(&random) }
            let end = row + UInt32.random(in: 1...3, using: &random)
            for value in values {
                value.withUnsafeBytes { scattered.append($0, row: 10 * row) }
                model.append((ByteString(value), 10 * row))
            }
            scattered.repeatLast(values.count, rows: 10 * row + 1..<10 * row + end - row)
            for other in 10 * row + 1..<10 * row + end - row { model += values.map { (ByteString($0), other) } }
        }
        scattered.sort()
        model.sort { ($0.value, $0.row) < ($1.value, $1.row) }
        #expect(scattered.count == model.count)
        #expect(Array(scattered.rows(0..<scattered.count)) == model.map(\.row), "seed \(seed)")
        var start = 0
        while start < scattered.count {
            let group = scattered.group(from: start)
            #expect(group.allSatisfy { model[$0].value == scattered.value(at: start) }, "seed \(seed)")
            #expect(group.upperBound == model.count || model[group.upperBound].value != model[start].value)
            start = group.upperBound
        }
    }
}
