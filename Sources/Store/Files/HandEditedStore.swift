public import JSON

/// What somebody did to a file of a store while nobody had the store open.
public struct FoundChange: Sendable {
    /// The place of the file.
    public let place: FilePlace
    /// The path of the file, for messages.
    public let path: String
    /// The object that the file holds now; nil if it is gone.
    public let object: JSONObject?

    /// The key of the object in the keyspace `data`.
    let key: [UInt8]
    /// The file as it was found; nil if it is gone.
    let signature: FileSignature?
}

/// A store whose files people may edit while nobody has it open.
public protocol HandEditedStore: KeyValueStore {
    /// What was found changed when the store was opened: not in the store yet. Whoever has it open writes the changes, as any
    /// others, or sets them aside.
    var foundChanges: [FoundChange] { get }

    /// What else was found, in words: files that are left alone, files that were set aside.
    var remarks: [String] { get }

    /// Moves changed files away, to where they can be looked at, and puts back what the store has.
    ///
    /// - Returns: for each file, where it is now.
    func setAside(_ changes: [FoundChange]) throws(StoreError) -> [String]
}
