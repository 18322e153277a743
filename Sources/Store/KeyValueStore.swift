/// A durable, sorted map from bytes to bytes in a few keyspaces: all that the tracker asks of a disk or a database.
///
/// Keys are compared byte by byte as unsigned numbers, a prefix sorting before what it is a prefix of. A key has 1 to
/// `maximumKeyLength` bytes; a value may be empty. `KeyValueStoreContract` in StoreTesting checks all that is
/// promised here.
///
/// Calls block, so they belong on a thread of their own. Reads may come from any number of threads at once, also
/// while a batch is applied; batches come from one thread at a time.
public protocol KeyValueStore: Sendable {
    /// Where the data is.
    var locator: StoreLocator { get }

    /// Whether what was is to be kept too. Stores that are written whole each time keep only what is.
    var keepsHistory: Bool { get }

    /// The longest key that can be stored, in bytes.
    var maximumKeyLength: Int { get }

    /// Visits the pairs with `from` ≤ key < `upTo` in the order of their keys, as they all were at one moment between
    /// two batches.
    ///
    /// A visitor may read the store. It must neither write to it or close it, which is refused as `misuse`, nor wait
    /// for another thread that does, since a write may have to wait for running scans to end.
    ///
    /// - Parameters:
    ///   - from: The smallest key wanted; nil for the first there is.
    ///   - upTo: The key before which to stop; nil for no end.
    ///   - descending: Whether to begin with the largest key.
    ///   - visit: Gets a key and its value, both valid only during the call, and says whether to go on.
    /// - Throws: What `visit` throws, `closed`, or why the store cannot be read.
    func scan(
        _ keyspace: Keyspace, from: [UInt8]?, upTo: [UInt8]?, descending: Bool,
        _ visit: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws(StoreError) -> Bool
    ) throws(StoreError)

    /// The value stored under `key`, or nil if there is none.
    func value(_ keyspace: Keyspace, key: [UInt8]) throws(StoreError) -> [UInt8]?

    /// Applies a batch and returns once it is safe on disk: all of it or nothing, even if the machine loses power meanwhile.
    ///
    /// After `tooLarge`, `readOnly`, `closed` and `misuse` nothing of it was applied. After other errors it may or may
    /// not have been: read back to know. In every case the batch may be applied again.
    func apply(_ batch: WriteBatch) throws(StoreError)

    /// Returns once a batch of about `byteCount` bytes could be applied without long waiting. Who applies large batches calls
    /// it first, while others go on applying small ones. What fails is told to who applies.
    func makeRoom(for byteCount: Int)

    /// What fails at present although no caller was told yet.
    var condition: StoreCondition { get }

    /// What people may want to know of its files: format, sizes, times. Names are in lower case.
    func details() throws(StoreError) -> [(name: String, value: String)]

    /// Waits for running calls to end and lets go of everything held; later calls except this one throw `closed`.
    func close() throws(StoreError)
}

extension KeyValueStore {
    /// What most stores do.
    public var keepsHistory: Bool { true }

    /// Most stores take each batch as it comes.
    public func makeRoom(for byteCount: Int) {}

    /// What stores without files have to say.
    public func details() throws(StoreError) -> [(name: String, value: String)] { [] }

    /// Visits the pairs with `from` ≤ key < `upTo`, smallest key first; without bounds, all of the keyspace.
    public func scan(
        _ keyspace: Keyspace, from: [UInt8]? = nil, upTo: [UInt8]? = nil,
        _ visit: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws(StoreError) -> Bool
    ) throws(StoreError) {
        try scan(keyspace, from: from, upTo: upTo, descending: false, visit)
    }
}
