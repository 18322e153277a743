/// What a locator of a directory store asks for.
struct DirectoryOptions {
    private let locator: StoreLocator
    /// Whether files that cannot be used are set aside.
    let isRepairing: Bool

    /// The key, in the keyspace `metadata` of the store behind the files, of how these are written.
    static let codecKey = Array("\u{0}directory:codec".utf8)

    /// - Throws: `badLocator` if it asks for something unknown, or names no directory.
    init(_ locator: StoreLocator) throws(StoreError) {
        try locator.refuseOptions(otherThan: ["repair"])
        guard locator.authority == nil, !locator.path.isEmpty else {
            throw StoreError(
                .badLocator, "the store locator \(locator) names no directory: write directory:<directory>")
        }
        self.locator = locator
        isRepairing = locator.query["repair"] == "true"
        if let repair = locator.query["repair"], !["true", "false"].contains(repair) {
            throw StoreError(.badLocator, "Unknown repair value \(repair). Try true or false")
        }
    }

    /// Whether nothing may be written.
    var isReadOnly: Bool { locator.isReadOnly }

    /// The locator of the store behind the files.
    func inner(at path: String) throws(StoreError) -> StoreLocator {
        let inner = try StoreLocator("lmdb:").at(path)
        return locator.isReadOnly ? inner.readOnly : inner
    }

    /// How files are written: as they are already, if there are any.
    ///
    /// - Throws: `badLocator` if the locator asks for something else.
    func codec(of inner: any KeyValueStore) throws(StoreError) -> FileCodec {
        let name = try inner.value(.metadata, key: Self.codecKey)
        let recorded = name.flatMap { FileCodec(rawValue: String(decoding: $0, as: UTF8.self)) }
        let wanted = FileCodec(locator)
        if let recorded, let wanted, recorded != wanted {
            throw StoreError(
                .badLocator,
                "the files of \(locator) are \(recorded.rawValue): open it so, or copy it to a new store of \(wanted.rawValue)"
            )
        }
        return recorded ?? wanted ?? .yaml
    }
}
