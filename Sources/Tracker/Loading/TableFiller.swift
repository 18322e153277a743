import CMemory
import Dispatch
import JSON
import Synchronization

/// Makes a table of many rows, which come in runs and in ascending order of keys.
struct TableFiller: Sendable {
    /// The next rows; whole leaves of the tree, but for the last run.
    typealias Run = OrderedTreeBuilder<ObjectEntry>

    private let type: ObjectType
    private var rows = FilledRows()
    private var fields: DeltaFieldReader
    private var builders: [IndexBuilder]
    private var intervals: [IntervalIndexBuilder]

    /// A filler that has no rows yet.
    init(_ type: ObjectType) {
        self.type = type
        fields = DeltaFieldReader(type.indexPlan)
        builders = zip(type.indexPlan.declarations, type.indexPlan.mayOmit).map { IndexBuilder($0, mayOmit: $1) }
        intervals = type.intervals.map { IntervalIndexBuilder($0) }
    }

    /// From this many rows on, several threads share the work of finishing.
    private static let sharingCount = 10_000

    /// Takes in the next rows.
    mutating func add(_ run: consuming Run) {
        let first = rows.count
        builders.withUnsafeMutableBufferPointer { builders in
            for number in 0..<run.count {
                if number + 1 < run.count { Self.prefetchText(of: run.entry(at: number + 1)) }
                fields.next(run.entry(at: number).pointee.value.document.bytes) { position, text in
                    builders[position].change(at: UInt32(first + number), to: text)
                }
            }
        }
        for position in intervals.indices { run.forEach { intervals[position].add($0.pointee.value) } }
        rows.append(run)
    }

    /// Another thread has written the documents, so they are far away in memory.
    private static func prefetchText(of row: UnsafePointer<ObjectEntry>) {
        row.pointee.value.document.bytes.withUnsafeBytes { text in
            for line in 0..<prefetchedLines { prefetch(text.baseAddress! + 64 * line) }
        }
    }

    private static let prefetchedLines = 18

    /// The table of all rows. The filler is empty afterwards.
    mutating func table() -> Table {
        // What takes longest comes first.
        let order = builders.indices.sorted { builders[$0].effort > builders[$1].effort }
        let (rows, intervals) = (rows, intervals)
        // Each is taken out, so that it is nobody else's and can be changed where it is.
        let left = Mutex(builders.map { Optional($0) })
        let indexes = Mutex([Int: SecondaryIndex]())
        self = TableFiller(type)
        let build: @Sendable (Int) -> Void = { step in
            guard let builder = left.withLock({ $0[order[step]].take() }) else { return }
            let index = builder.build(over: rows)
            indexes.withLock { $0[order[step]] = index }
        }
        if rows.count < Self.sharingCount {
            for step in order.indices { build(step) }
        } else {
            DispatchQueue.concurrentPerform(iterations: order.count, execute: build)
        }
        let built = indexes.withLock { indexes in order.indices.compactMap { indexes[$0] } }
        return Table(type, objects: rows.objects(), indexes: built, intervals: intervals.map { $0.build() })
    }
}
