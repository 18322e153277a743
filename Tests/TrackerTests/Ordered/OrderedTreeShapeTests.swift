import Testing

@testable import Tracker

/// Trees of every size around the limits of their nodes, where splits, loans and merges happen.
struct OrderedTreeShapeTests {
    private static let sizes = [
        0, 1, 2, 15, 16, 30, 31, 32, 33, 47, 48, 62, 63, 64, 511, 512, 1022, 1023, 1024, 1025, 2047, 2048, 4095, 9999,
    ]

    @Test(arguments: sizes)
    func `bulk building gives a sound tree of any size`(size: Int) {
        let pairs = numbered(size)
        let map = OrderedMap(sorted: pairs)
        #expect(map.tree.root.violation() == nil)
        #expect(map.count == size)
        #expect(map.map(\.value) == Array(0..<size))
    }

    @Test func `bulk building is sound at every small size`() {
        for size in 0...400 {
            let set = OrderedSet(sorted: numbered(size).map(\.0))
            #expect(set.tree.root.violation() == nil, "\(size) keys")
            #expect(set.count == size)
        }
    }

    @Test(arguments: [32 * 32 * 32 - 1, 32 * 32 * 32])
    func `bulk building is sound where a fourth level begins`(size: Int) {
        let set = OrderedSet(sorted: (0..<size).map { IndexValue.integer(Int64($0)) })
        #expect(set.tree.root.violation() == nil)
        #expect(set.element(at: size / 2) == IndexValue.integer(Int64(size / 2)))
    }

    @Test(arguments: sizes)
    func `a builder made of builders is one of all their entries`(size: Int) {
        let keys = numbered(size).map(\.0)
        var whole = OrderedTreeBuilder<ByteString>()
        for start in stride(from: 0, to: size, by: 3 * OrderedTreeBuilder<ByteString>.stride) {
            var part = OrderedTreeBuilder<ByteString>()
            for key in keys[start...].prefix(3 * OrderedTreeBuilder<ByteString>.stride) { part.append(key) }
            whole.append(contentsOf: part)
        }
        #expect(whole.count == size)
        var seen: [ByteString] = []
        whole.forEach { seen.append($0.pointee) }
        #expect(seen == keys)
        #expect(keys.indices.allSatisfy { whole.entry(at: $0).pointee == keys[$0] })
        let set = OrderedSet(whole.tree())
        #expect(set.tree.root.violation() == nil)
        #expect(Array(set) == keys)
    }

    @Test(arguments: [false, true])
    func `keys may arrive and leave in either order`(ascending: Bool) {
        let keys = numbered(2500).map(\.0)
        var set = OrderedSet()
        for (step, key) in (ascending ? keys : keys.reversed()).enumerated() {
            let isNew = set.insert(key)
            #expect(isNew)
            if step % 31 == 0 { #expect(set.tree.root.violation() == nil, "after \(step + 1) insertions") }
        }
        #expect(Array(set) == keys)
        for (step, key) in keys.enumerated() {
            let wasThere = set.remove(key)
            #expect(wasThere)
            if step % 31 == 0 { #expect(set.tree.root.violation() == nil, "after \(step + 1) removals") }
        }
        #expect(set.isEmpty)
    }

    @Test func `removing any one key leaves a sound tree`() {
        let keys = numbered(300).map(\.0)
        for full in [OrderedSet(sorted: keys), grown(keys)] {
            for (index, key) in keys.enumerated() {
                var set = full
                set.remove(key)
                #expect(set.tree.root.violation() == nil, "without \(key)")
                #expect(Array(set) == Array(keys[..<index] + keys[(index + 1)...]), "without \(key)")
            }
            #expect(Array(full) == keys)
        }
    }

    @Test func `inserting any one key leaves a sound tree`() {
        let keys = numbered(300).map(\.0)
        for (index, key) in keys.enumerated() {
            var set = OrderedSet(sorted: keys[..<index] + keys[(index + 1)...])
            set.insert(key)
            #expect(set.tree.root.violation() == nil, "with \(key)")
            #expect(Array(set) == keys, "with \(key)")
        }
    }

    @Test func `the checker finds what is wrong`() {
        var node = OrderedSet(sorted: numbered(500).map(\.0)).tree.root
        #expect(node.violation() == nil)
        node.count += 1
        #expect(node.violation() != nil)
        node.count -= 1
        node.entries[0] = "zzzz"
        #expect(node.violation() != nil)
        node = OrderedSet(sorted: numbered(500).map(\.0)).tree.root
        node.children[1].entries.removeSubrange(3...)
        #expect(node.violation() != nil)
    }

    private func grown(_ keys: [ByteString]) -> OrderedSet {
        var set = OrderedSet()
        for key in keys { set.insert(key) }
        return set
    }
}
