import Synchronization

/// The object types of a tracker that runs: they may become more meanwhile.
final class CatalogReference: Sendable {
    private let held: Mutex<Catalog>

    /// A reference to `catalog`, until there is another.
    init(_ catalog: Catalog) { held = Mutex(catalog) }

    /// The types that there are now.
    var current: Catalog { held.withLock { $0 } }

    /// Has `catalog` take the place of the one before.
    func replace(by catalog: Catalog) { held.withLock { $0 = catalog } }
}
