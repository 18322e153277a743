import Dispatch
import Synchronization

/// Makes a table of many rows, which come in runs and in ascending order of keys.
struct TableFiller: Sendable {
    private let type: ObjectType
    private var rows: [StoredObject] = []
    private var builders: [IndexBuilder]

    /// A filler that has no rows yet.
    init(_ type: ObjectType) {
        self.type = type
        builders = zip(type.indexPlan.declarations, type.indexPlan.mayOmit).map { IndexBuilder($0, mayOmit: $1) }
    }

    /// From this many rows on, several threads share the work of finishing.
    private static let sharingCount = 10_000

    /// Takes in the next rows.
    mutating func add(_ run: [StoredObject]) {
        rows += run
        for row in run {
            type.indexPlan.forEachField(of: row.document) { position, text in builders[position].add(row.key, text) }
        }
    }

    /// The table of all rows.
    func table() -> Table {
        let objects = Mutex(OrderedMap<StoredObject>())
        let indexes = Mutex([Int: SecondaryIndex]())
        // The objects take longest, so they come first.
        let build: @Sendable (Int) -> Void = { step in
            if step == 0 {
                let map = OrderedMap(sorted: rows.lazy.map { ($0.key, $0) })
                return objects.withLock { $0 = map }
            }
            let index = builders[step - 1].build(over: rows)
            indexes.withLock { $0[step - 1] = index }
        }
        if rows.count < Self.sharingCount {
            for step in 0...builders.count { build(step) }
        } else {
            DispatchQueue.concurrentPerform(iterations: builders.count + 1, execute: build)
        }
        let built = indexes.withLock { indexes in builders.indices.compactMap { indexes[$0] } }
        return Table(type, objects: objects.withLock { $0 }, indexes: built)
    }
}
