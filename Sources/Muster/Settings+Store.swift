import Content
import Store
import SystemPackage
import Tracker

extension Settings {
    /// Opens the store that the settings name.
    ///
    /// - Parameters:
    ///   - catalog: the object types, of which some stores make files.
    ///   - isReadOnly: whether nothing is to be written.
    ///   - progress: told how far something is that takes long.
    /// - Throws: `StoreError` saying why it cannot be opened.
    func openStore(
        _ catalog: Catalog, isReadOnly: Bool = false, progress: (StoreProgress) -> Void
    ) throws(StoreError) -> any KeyValueStore {
        var locator = try StoreLocator(backend)
        if isReadOnly {
            locator = locator.readOnly
        } else if isRepairing, locator.scheme == "directory" {
            // Other kinds have nothing that people break by editing it.
            locator = locator.setting("repair", to: "true")
        }
        return try locator.open(
            relativeTo: baseRoot.string, of: .local(showing: ObjectFiles(catalog)), progress: progress)
    }
}
