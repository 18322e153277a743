import Testing

@testable import Tracker

struct OrderedMapTests {
    @Test func `an empty map answers to everything`() {
        var map = OrderedMap<Int>()
        #expect(map.isEmpty && map.first == nil && map.last == nil && map["a"] == nil)
        #expect(map.rank(of: "a") == 0)
        let removed = map.removeValue(forKey: "a")
        #expect(removed == nil)
        for descending in [false, true] {
            map.forEach(descending: descending) { _, _ in fail() }
            map.forEach(fromRank: 0, descending: descending) { _, _ in fail() }
        }
        for _ in map { _ = fail() }
        #expect(OrderedMap<Int>(sorted: []).isEmpty)
    }

    @Test func `updating and removing answer the old value`() {
        var map = OrderedMap<Int>()
        let answers = [
            map.updateValue(1, forKey: "a"), map.updateValue(2, forKey: "a"), map["a"], map.removeValue(forKey: "a"),
            map["a"], map.removeValue(forKey: "a"),
        ]
        #expect(answers == [nil, 1, 2, 2, nil, nil])
    }

    @Test func `modify inserts, changes and answers what its body does`() {
        var map = OrderedMap<[Int]>()
        let first = map.modify("a", default: [7]) { values in
            values.append(1)
            return values.count
        }
        #expect(first == 2)
        map.modify("a", default: []) { $0.append(2) }
        #expect(map["a"] == [7, 1, 2])
        #expect(map.count == 1)
    }

    @Test func `a body of modify that throws leaves a missing key missing`() {
        struct Refusal: Error {}
        var map = OrderedMap(sorted: numbered(200))
        #expect(throws: Refusal.self) { try map.modify("x", default: 0) { _ in throw Refusal() } }
        #expect(map["x"] == nil)
        #expect(map.count == 200)
        #expect(throws: Refusal.self) {
            try map.modify("0100", default: 0) { value in
                value = -1
                throw Refusal()
            }
        }
        #expect(map["0100"] == -1)
        #expect(map.tree.root.violation() == nil)
    }

    @Test func `an update keeps the key that was there`() {
        final class Canary: Sendable {}
        let key = ByteString("a long enough key to be an object of its own")
        var map = OrderedMap<Canary>()
        map.updateValue(Canary(), forKey: key)
        map.updateValue(Canary(), forKey: ByteString(key.bytes))
        let kept = map.first!.key
        #expect(kept.withUnsafeBytes { $0.baseAddress } == key.withUnsafeBytes { $0.baseAddress })
    }

    @Test func `a map that shares nothing changes in place`() {
        var map = OrderedMap(sorted: numbered(10_000).map { ($0, [Int](repeating: $1, count: 4)) })
        let before = map.tree.root.entries.withUnsafeBufferPointer { $0.baseAddress }
        map.updateValue([], forKey: "5000")
        map.modify("1234", default: []) { values in
            let storage = values.withUnsafeBufferPointer { $0.baseAddress }
            values[0] = 9
            #expect(storage == values.withUnsafeBufferPointer { $0.baseAddress }, "the value was copied")
        }
        #expect(before == map.tree.root.entries.withUnsafeBufferPointer { $0.baseAddress })
    }

    @Test func `copies share storage until one changes`() {
        let original = OrderedMap(sorted: numbered(5000))
        var copy = original
        #expect(copy.sharesStorage(with: original))
        copy.removeValue(forKey: "missing")
        #expect(copy.sharesStorage(with: original))
        copy.updateValue(-1, forKey: "0003")
        #expect(!copy.sharesStorage(with: original))
        #expect(original["0003"] == 3)
        #expect(!OrderedMap(sorted: numbered(5000)).sharesStorage(with: original))
        #expect(OrderedMap<Int>().sharesStorage(with: OrderedMap()))
    }

    @Test func `a change under a snapshot copies one path only`() {
        let snapshot = OrderedMap(sorted: numbered(9999))
        var map = snapshot
        map.updateValue(-1, forKey: "5000")
        let old = snapshot.tree.root.children
        let new = map.tree.root.children
        let copied = zip(old, new).filter { before, after in
            before.entries.withUnsafeBufferPointer { $0.baseAddress }
                != after.entries.withUnsafeBufferPointer { $0.baseAddress }
                || before.children.withUnsafeBufferPointer { $0.baseAddress }
                    != after.children.withUnsafeBufferPointer { $0.baseAddress }
        }
        #expect(old.count > 2)
        #expect(copied.count == 1)
    }

    @Test func `a sequence walk keeps to the state it began with`() {
        var map = OrderedMap(sorted: numbered(1000))
        var seen: [Int] = []
        for (key, value) in map {
            map.removeValue(forKey: key)
            seen.append(value)
        }
        #expect(seen == Array(0..<1000))
        #expect(map.isEmpty)
    }

    @Test(arguments: [false, true])
    func `a body may change the map that is walked`(descending: Bool) {
        var map = OrderedMap(sorted: numbered(1000))
        var seen: [Int] = []
        map.forEach(descending: descending) { key, value in
            map.removeValue(forKey: key)
            seen.append(value)
            return true
        }
        #expect(seen == (descending ? (0..<1000).reversed() : Array(0..<1000)))
        #expect(map.isEmpty)
    }

    @Test func `sorted input that does not ascend is a programmer error`() async {
        await #expect(processExitsWith: .failure) { _ = OrderedMap(sorted: [("a", 1), ("a", 2)]) }
        await #expect(processExitsWith: .failure) { _ = OrderedSet(sorted: ["b", "a"]) }
    }

    @Test func `an element beyond the end is a programmer error`() async {
        await #expect(processExitsWith: .failure) { _ = OrderedMap(sorted: [("a", 1)]).element(at: 1) }
    }

    @Test func `a set costs no more than its keys`() {
        #expect(MemoryLayout<KeyedValue<Void>>.stride == 8)
        #expect(MemoryLayout<KeyedValue<Postings>>.stride == 16)
    }
}

/// Keys of four digits with their numbers, in order.
func numbered(_ count: Int) -> [(ByteString, Int)] {
    (0..<count).map { number in
        let digits = String(number)
        return (ByteString(String(repeating: "0", count: 4 - digits.count) + digits), number)
    }
}

private func fail() -> Bool {
    Issue.record("there is nothing to visit")
    return true
}
