import StoreTesting
import Testing

@testable import Store

@Suite struct SortedTableTests {
    @Test(arguments: 1...9 as ClosedRange<UInt64>)
    func `a sorted table agrees with a dictionary`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var table = SortedTable<Int>()
        var model: [[UInt8]: Int] = [:]
        // Seeds bring keys in order, or at random, or such that differ only behind sixteen bytes; some shrink again.
        let long = { (length: Int) in [UInt8](repeating: 0, count: 15) + random.bytes(0...length) }
        for step in 0..<3000 {
            let key = seed % 3 == 0 ? long(3) : seed % 3 == 1 ? key(UInt64(step)) : random.bytes(1...2)
            if step % 7 == 0, let victim = model.keys.randomElement(using: &random) {
                table.remove(victim)
                model[victim] = nil
            }
            table.set(key, to: step)
            model[key] = step
        }
        for victim in model.keys.shuffled(using: &random).prefix(seed > 4 ? model.count : 100) {
            table.remove(victim)
            model[victim] = nil
            table.remove(victim)
        }
        #expect(table.isEmpty == model.isEmpty)
        for key in model.keys { #expect(table[key] == model[key], "seed \(seed)") }
        #expect(table[[1, 2, 3]] == nil)
        let sorted = model.keys.sorted { $0.lexicographicallyPrecedes($1) }
        for _ in 0..<50 {
            let from = Bool.random(using: &random) ? nil : seed % 3 == 0 ? long(4) : random.bytes(0...3)
            let upTo = Bool.random(using: &random) ? nil : seed % 3 == 0 ? long(4) : random.bytes(0...3)
            let expected = sorted.filter { key in
                (from.map { !key.lexicographicallyPrecedes($0) } ?? true)
                    && (upTo.map { key.lexicographicallyPrecedes($0) } ?? true)
            }
            #expect(table.entries(from: from, upTo: upTo).map(\.key) == expected, "seed \(seed)")
            for descending in [false, true] {
                var seen: [[UInt8]] = []
                try table.scan(from: from, upTo: upTo, descending: descending) { entry in
                    seen.append(entry.key)
                    return seen.count < 40
                }
                let wanted = descending ? expected.reversed() : expected
                #expect(seen == Array(wanted.prefix(40)), "seed \(seed)")
            }
        }
    }
}
