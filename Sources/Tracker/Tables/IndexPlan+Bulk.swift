import Dispatch
import Synchronization

/// Building all indexes of a table at once.
extension IndexPlan {
    /// From this many rows on, two threads share the work.
    private static let sharingCount = 10_000

    /// The indexes over `rows`, which are all of the table and ascend by key.
    func indexes(of rows: [StoredObject]) -> [SecondaryIndex] {
        guard rows.count >= Self.sharingCount else {
            return build(Array(declarations.indices), over: rows)
        }
        let halves = halves
        let built = Mutex([Int: SecondaryIndex]())
        DispatchQueue.concurrentPerform(iterations: halves.count) { half in
            let indexes = build(halves[half], over: rows)
            built.withLock { $0.merge(zip(halves[half], indexes)) { $1 } }
        }
        return built.withLock { built in declarations.indices.compactMap { built[$0] } }
    }

    /// The indexes in two parts of about the same work: those that list every row cost most.
    private var halves: [[Int]] {
        let ordered = declarations.indices.filter { !mayOmit[$0] } + declarations.indices.filter { mayOmit[$0] }
        return [0, 1].map { half in ordered.indices.filter { $0 % 2 == half }.map { ordered[$0] } }
    }

    private func build(_ positions: [Int], over rows: [StoredObject]) -> [SecondaryIndex] {
        var slots = [Int?](repeating: nil, count: declarations.count)
        for (slot, position) in positions.enumerated() { slots[position] = slot }
        var builders = positions.map { IndexBuilder(declarations[$0], mayOmit: mayOmit[$0]) }
        for row in rows {
            forEachField(of: row.document) { position, text in
                if let slot = slots[position] { builders[slot].add(row.key, text) }
            }
        }
        return builders.map { $0.build(over: rows) }
    }
}
