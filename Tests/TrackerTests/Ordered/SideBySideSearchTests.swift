import StoreTesting
import Testing

@testable import Tracker

@Suite struct `Looking up many keys at once` {
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `finds what looking up one by one finds`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var map = OrderedMap<Int>()
        for number in 0..<Int.random(in: 0...3000, using: &random) {
            map.updateValue(number, forKey: ByteString("\(Int.random(in: 0..<5000, using: &random))"))
        }
        let keys = (0..<Int.random(in: 0...200, using: &random)).map { _ in
            ByteString("\(Int.random(in: 0..<5000, using: &random))")
        }
        #expect(map.values(of: keys) == keys.compactMap { map[$0] }, "seed \(seed)")
        #expect(map.values(of: map.map(\.key)) == map.map(\.value), "seed \(seed)")
    }

    /// Where many entries are below a node, keys may be found before the first step.
    @Test func `finds keys at the top of a large tree`() {
        let keys = (10_000..<30_000).map { ByteString("\($0)") }
        let map = OrderedMap(sorted: keys.enumerated().map { ($1, $0) })
        #expect(map.values(of: keys) == Array(0..<20_000))
        for entry in map.tree.root.entries { #expect(map.values(of: [entry.key]) == [entry.value]) }
    }
}
