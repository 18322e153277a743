import Dispatch
import Synchronization

/// Fills the tables of a catalog on a thread of its own, while whoever reads the objects goes on reading.
final class TableLoading: Sendable {
    private let queue = DispatchQueue(label: "muster.loading", qos: .userInitiated)
    private let fillers: Mutex<[TableFiller]>

    /// Empty tables of the catalog's types.
    init(_ catalog: Catalog) {
        fillers = Mutex(catalog.types.map { TableFiller($0) })
    }

    /// Takes in the next objects, in ascending order of keys, of the type at `position` in the catalog.
    func add(_ run: TableFiller.Run, at position: Int) {
        queue.async { self.fillers.withLock { $0[position].add(run) } }
    }

    /// Waits until everything is taken in; the tables in the catalog's order.
    func finish() -> [Table] {
        queue.sync { fillers.withLock { fillers in fillers.indices.map { fillers[$0].table() } } }
    }
}
