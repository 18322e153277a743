extension StoreLocator {
    /// Opens the store, creating it if it does not exist.
    ///
    /// - Parameters:
    ///   - baseDirectory: What a relative path is relative to.
    ///   - progress: told how far taking over a store of an older format is.
    /// - Throws: `unsupported` for a kind of store that is not part of this program, `badLocator` for options it does
    ///   not know, `locked` if it is open already, and whatever else keeps it from being opened.
    public func open(
        relativeTo baseDirectory: String, progress: (StoreProgress) -> Void = { _ in }
    ) throws(StoreError) -> any KeyValueStore {
        switch scheme {
        case "lmdb": return try LMDBStore(self, relativeTo: baseDirectory, progress: progress)
        case "memory": return try MemoryStore(self)
        default:
            let kinds = Self.availableSchemes.joined(separator: " and ")
            throw StoreError(.unsupported, "stores of the kind \(scheme) are not part of this program: it has \(kinds)")
        }
    }
}
