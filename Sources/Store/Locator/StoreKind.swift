/// A kind of store as a program has it: the scheme of its locators, and how one is opened.
///
/// A new kind is a value of this type beside its store, and an element of the ``StoreKinds`` of the programs that have it;
/// nothing else knows of it. `KeyValueStoreContract` says what the store has to do.
public struct StoreKind: Sendable {
    /// Opens the store that a locator names, creating it if it does not exist.
    ///
    /// - Parameters:
    ///   - locator: a locator of the kind's scheme.
    ///   - baseDirectory: What a relative path is relative to.
    ///   - progress: told how far something is that takes long.
    /// - Throws: `badLocator` for options that the kind does not know, `locked` if it is open already, and whatever else keeps it
    ///   from being opened.
    public typealias Opening =
        @Sendable (
            _ locator: StoreLocator, _ baseDirectory: String, _ progress: (StoreProgress) -> Void
        ) throws(StoreError) -> any KeyValueStore

    /// The scheme, in lower case.
    public let scheme: String
    /// How its locators look, for messages and help: `lmdb:<directory>`.
    public let form: String
    /// Opens one.
    public let open: Opening

    /// A kind of store.
    public init(_ scheme: String, form: String, open: @escaping Opening) {
        (self.scheme, self.form, self.open) = (scheme, form, open)
    }
}
