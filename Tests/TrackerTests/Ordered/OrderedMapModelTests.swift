import StoreTesting
import Testing

@testable import Tracker

/// Random operations on a map and on a sorted array, which must agree; snapshots of both, which must stay as they were.
struct OrderedMapModelTests {
    private struct Model {
        var rows: [(key: ByteString, value: Int)] = []

        func position(_ key: ByteString) -> Int { rows.firstIndex { !($0.key < key) } ?? rows.count }

        subscript(key: ByteString) -> Int? {
            get {
                let index = position(key)
                return index < rows.count && rows[index].key == key ? rows[index].value : nil
            }
            set {
                let index = position(key)
                let isThere = index < rows.count && rows[index].key == key
                rows.replaceSubrange(index..<index + (isThere ? 1 : 0), with: newValue.map { [(key, $0)] } ?? [])
            }
        }
    }

    /// Phases of growth and decline, so that trees of up to three levels are built and taken down.
    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `a map agrees with a sorted array`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var map = OrderedMap<Int>()
        var model = Model()
        var snapshots: [(map: OrderedMap<Int>, model: Model)] = []
        let keys = (0..<400).map { _ in randomKey(&random) }
        for step in 0..<1500 {
            let growing = step / 400 % 2 == 0
            let key = keys.randomElement(using: &random)!
            let context: Comment = "seed \(seed), step \(step)"
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<(growing ? 6 : 2):
                let old = map.updateValue(step, forKey: key)
                #expect(old == model[key], context)
                model[key] = step
            case 9:
                map.modify(key, default: 1000) { $0 += step }
                model[key] = (model[key] ?? 1000) + step
            default:
                let old = map.removeValue(forKey: key)
                #expect(old == model[key], context)
                model[key] = nil
            }
            if step % 20 == 0 || step % 150 < 3 { snapshots.append((map, model)) }
            if step % 10 == 0 { check(map, model, &random, context) }
            if let problem = map.tree.root.violation() { Issue.record("\(problem), \(context)") }
        }
        for (index, (map, model)) in snapshots.enumerated() {
            #expect(map.elementsEqual(model.rows) { $0 == $1 }, "snapshot \(index), seed \(seed)")
            #expect(map.tree.root.violation() == nil, "snapshot \(index), seed \(seed)")
        }
    }

    @Test(arguments: 1...2 as ClosedRange<UInt64>)
    func `a large set agrees with a sorted array while snapshots are held`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var keys = Set<ByteString>()
        while keys.count < 4000 { keys.insert(randomKey(&random)) }
        let sorted = keys.sorted()
        var set = OrderedSet()
        for key in sorted.shuffled(using: &random) { set.insert(key) }
        let full = set
        #expect(set.tree.root.violation() == nil, "seed \(seed)")
        var held: [OrderedSet] = []
        for (step, key) in sorted.shuffled(using: &random).enumerated() {
            if step % 5 == 0 { held = [set] }
            let wasThere = set.remove(key)
            #expect(wasThere, "seed \(seed)")
            if step % 400 == 0 { #expect(set.tree.root.violation() == nil, "seed \(seed), \(step) removed") }
        }
        #expect(set.isEmpty)
        #expect(held[0].count <= 5)
        #expect(Array(full) == sorted, "seed \(seed)")
    }

    /// Compares all that can be asked, in places chosen at random.
    private func check(
        _ map: OrderedMap<Int>, _ model: Model, _ random: inout SeededGenerator, _ context: Comment
    ) {
        #expect(map.count == model.rows.count, context)
        #expect(map.elementsEqual(model.rows) { $0 == $1 }, context)
        #expect(map.first?.key == model.rows.first?.key && map.last?.key == model.rows.last?.key, context)
        let key = randomKey(&random)
        #expect(map[key] == model[key], context)
        #expect(map.rank(of: key) == model.position(key), context)
        if let index = model.rows.indices.randomElement(using: &random) {
            #expect(map.element(at: index) == model.rows[index], context)
            #expect(map.rank(of: model.rows[index].key) == index, context)
        }
        let (from, upTo) = (bound(model, &random), bound(model, &random))
        let inRange = model.rows.filter { row in
            from.map { $0 <= row.key } ?? true && upTo.map { row.key < $0 } ?? true
        }
        let rank = Int.random(in: -2...model.rows.count + 2, using: &random)
        let limit = Int.random(in: 1...100, using: &random)
        for descending in [false, true] {
            let expected = descending ? inRange.reversed() : inRange
            var seen = Collector(limit: limit)
            map.forEach(from: from, upTo: upTo, descending: descending) { seen.take($0, $1) }
            #expect(seen.rows.elementsEqual(expected.prefix(limit)) { $0 == $1 }, context)
            let page =
                descending ? model.rows.prefix(max(0, rank + 1)).reversed() : Array(model.rows.dropFirst(max(0, rank)))
            seen = Collector(limit: limit)
            map.forEach(fromRank: rank, descending: descending) { seen.take($0, $1) }
            #expect(seen.rows.elementsEqual(page.prefix(limit)) { $0 == $1 }, context)
        }
    }

    private struct Collector {
        let limit: Int
        var rows: [(key: ByteString, value: Int)] = []

        mutating func take(_ key: ByteString, _ value: Int) -> Bool {
            rows.append((key, value))
            return rows.count < limit
        }
    }

    private func bound(_ model: Model, _ random: inout SeededGenerator) -> ByteString? {
        switch Int.random(in: 0..<3, using: &random) {
        case 0: nil
        case 1: model.rows.randomElement(using: &random)?.key
        default: randomKey(&random)
        }
    }

    private func randomKey(_ random: inout SeededGenerator) -> ByteString {
        ByteString((0..<Int.random(in: 0...6, using: &random)).map { _ in UInt8.random(in: 97...101, using: &random) })
    }
}
