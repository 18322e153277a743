import Client
import Content
import Store
import Tracker

/// The types and the kinds of store of the program, for commands that work without a server.
struct StoreTools {
    /// The object types.
    let catalog: Catalog
    private let kinds: StoreKinds

    /// Those of the command that runs.
    init() {
        catalog = PackTools.current.reader.catalog
        kinds = .local(showing: ObjectFiles(catalog))
    }

    /// What `body` makes of a store, which is closed afterwards.
    ///
    /// - Throws: `ClientError` saying why the store cannot be opened or closed, or what `body` throws.
    func with<Value>(
        _ text: String, isReadOnly: Bool = false, _ progress: ProgressLine,
        _ body: (any KeyValueStore) throws(StoreError) -> Value
    ) throws(ClientError) -> Value {
        do throws(StoreError) {
            let store = try open(text, isReadOnly: isReadOnly, progress)
            let result = Result { () throws(StoreError) in try body(store) }
            try store.close()
            progress.clear()
            return try result.get()
        } catch {
            progress.clear()
            throw ClientError(error)
        }
    }

    /// Opens a store.
    func open(
        _ text: String, isReadOnly: Bool = false, _ progress: ProgressLine
    ) throws(StoreError) -> any KeyValueStore {
        let locator = try StoreLocator(text)
        return try (isReadOnly ? locator.readOnly : locator).open(relativeTo: "", of: kinds) { progress.tell($0) }
    }
}
