import Glibc

/// What the options of an `lmdb:` locator say about how to open an environment.
struct LMDBOptions {
    /// Whether to open it for reading only.
    var isReadOnly: Bool
    /// The bytes to map at first, whole pages; more if the data needs it.
    var initialMapSize: Int
    /// The bytes the map may grow to, whole pages.
    var mapSizeLimit: Int

    /// How long the journal may become, whole blocks; nil to do without one.
    var journalSize: Int?

    /// Beyond the limit, for batches that make the data smaller: LMDB copies a page to change it, so even a removal
    /// needs free pages, and without some set aside a full store could never be emptied.
    var reserve: Int { max(mapSizeLimit / 8, 1 << 20) }

    /// Reads `ro`, `mapsize` (64M unless given), `mapsize-limit` (64G unless given) and `journal` (64M unless given).
    ///
    /// - Throws: `badLocator` for other options, and for sizes that are none or too small.
    init(_ locator: StoreLocator) throws(StoreError) {
        try locator.refuseOptions(otherThan: ["journal", "mapsize", "mapsize-limit"])
        isReadOnly = locator.isReadOnly
        mapSizeLimit = try Self.size("mapsize-limit", of: locator, default: 64 << 30)
        initialMapSize = min(try Self.size("mapsize", of: locator, default: 64 << 20), mapSizeLimit)
        if locator.query["journal"] != "off" {
            journalSize = try Self.size("journal", of: locator, default: 64 << 20, atLeast: 64 << 10)
        }
    }

    private static func size(
        _ name: String, of locator: StoreLocator, default size: Int, atLeast least: Int = 1 << 20
    ) throws(StoreError) -> Int {
        guard let text = locator.query[name] else { return size }
        guard let size = ByteSize.parse(text), (least...1 << 46).contains(size) else {
            throw StoreError(
                .badLocator,
                "the store locator \(locator) has the wrong \(name) \(text): give bytes, or a size like 512M or 64G, "
                    + "of at least \(ByteSize.format(least))"
            )
        }
        return size & ~(sysconf(Int32(_SC_PAGESIZE)) - 1)
    }
}
