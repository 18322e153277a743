import JSON
public import Store
import Tracker

/// The plug-in providers that a store holds: what types there are, and part of the content, follows from them before the store is
/// loaded.
public enum StoredProviders {
    private static let typeName: TypeName = "plugin_providers"

    /// The providers of a store, in the order of their names.
    ///
    /// - Throws: why the store cannot be read.
    public static func definitions(in store: any KeyValueStore) throws(StoreError) -> [ProviderDefinition] {
        var found: [ProviderDefinition] = []
        let start = StoredEntry.key(of: ObjectID(typeName, ByteString("")))
        try store.scan(.data, from: start, upTo: nil) { (key, value) throws(StoreError) in
            guard Array(key.prefix(start.count)) == start else { return false }
            if let document = StoredEntry.parts(of: Array(value))?.document, let object = document.value().objectValue {
                found.append(ProviderDefinition(object))
            }
            return true
        }
        return found
    }
}
