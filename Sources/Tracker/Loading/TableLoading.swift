import Basics
import Store

/// Fills the tables of a catalog on a thread of its own, while whoever reads the objects goes on reading.
final class TableLoading: Sendable {
    private struct State: Sendable {
        /// What waits to be taken in, in its order, and the position of its type in the catalog.
        var waiting: [(run: TableFiller.Run, position: Int)] = []
        var isComplete = false
        var tables: [Table]?
    }

    private let monitor = Monitor(State())

    /// Empty tables of the catalog's types.
    ///
    /// - Throws: what the system says, if it has no more threads.
    init(_ catalog: Catalog) throws(StoreError) {
        let (types, monitor) = (catalog.types, self.monitor)
        do throws(SystemThreadError) {
            try SystemThread { Self.fill(types.map { TableFiller($0) }, from: monitor) }.detach()
        } catch {
            throw StoreError(error)
        }
    }

    /// Ends the thread, if reading has failed before it was finished.
    deinit { complete() }

    /// Takes in the next objects, in ascending order of keys, of the type at `position` in the catalog.
    func add(_ run: TableFiller.Run, at position: Int) {
        monitor.withLock { $0.waiting.append((run, position)) }
        monitor.wakeAll()
    }

    /// Waits until everything is taken in; the tables in the catalog's order.
    func finish() -> [Table] {
        complete()
        return monitor.wait { state in state.tables.map { .done($0) } ?? .wait }
    }

    private func complete() {
        monitor.withLock { $0.isComplete = true }
        monitor.wakeAll()
    }

    private static func fill(_ empty: [TableFiller], from monitor: Monitor<State>) {
        var fillers = empty
        while let part = monitor.wait({ state -> Monitor<State>.Look<[(run: TableFiller.Run, position: Int)]?> in
            if state.waiting.isEmpty { return state.isComplete ? .done(nil) : .wait }
            defer { state.waiting = [] }
            return .done(state.waiting)
        }) {
            for (run, position) in part { fillers[position].add(run) }
        }
        let tables = fillers.indices.map { fillers[$0].table() }
        monitor.withLock { $0.tables = tables }
        monitor.wakeAll()
    }
}
