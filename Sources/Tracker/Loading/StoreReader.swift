import Glibc
import JSON
import Logging
import Store

/// Reads every object that a store holds into tables.
struct StoreReader {
    private let store: any KeyValueStore
    private let catalog: Catalog
    private let logger: Logger
    private let loading: TableLoading

    /// What the keys of the objects now being read begin with, their type, and its place in the catalog unless it is not
    /// declared there.
    private var section: (start: [UInt8], type: TypeName, position: Int?) = ([], StoreLayout.packSection, nil)
    /// Objects of that section that were not handed over yet.
    private var run = TableFiller.Run()
    private var packs: [Layer] = []
    private var unknown: [TypeName: Int] = [:]
    private var count = 0
    private var lastNews = ContinuousClock.now

    /// How many objects are handed over at once.
    private static let runLength = 128 * TableFiller.Run.stride
    /// How long to read on without a word.
    private static let patience = Duration.seconds(2)

    /// The tables and the uploaded packs that `store` holds.
    ///
    /// - Parameter logger: told of progress, and of objects that nothing declares.
    /// - Throws: `StoreError` when the store cannot be read, or holds what cannot be understood.
    static func read(
        _ store: any KeyValueStore, _ catalog: Catalog, logger: Logger
    ) throws(StoreError) -> (tables: [Table], packs: [Layer]) {
        var reader = StoreReader(store: store, catalog: catalog, logger: logger, loading: try TableLoading(catalog))
        try store.scan(.data, from: nil, upTo: nil, descending: false) { key, value throws(StoreError) in
            try reader.take(key, value)
            return true
        }
        reader.handOver()
        for (type, count) in reader.unknown {
            logger.warning(
                "stored objects of a type that is not declared are left alone",
                metadata: ["type": "\(type)", "count": "\(count)"])
        }
        return (reader.loading.finish(), reader.packs)
    }

    private init(store: any KeyValueStore, catalog: Catalog, logger: Logger, loading: TableLoading) {
        self.store = store
        self.catalog = catalog
        self.logger = logger
        self.loading = loading
    }

    private mutating func take(_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws(StoreError) {
        if !isInSection(key) { try enterSection(of: key) }
        guard let position = section.position else { return try takeOther(key, value) }
        guard value.count >= 8 else { throw unreadable }
        run.append(
            ObjectEntry(
                StoredObject(
                    key: ByteString(UnsafeRawBufferPointer(rebasing: key[section.start.count...])),
                    document: JSONDocument(canonical: Array(UnsafeRawBufferPointer(rebasing: value[8...]))),
                    revision: Revision(value.loadUnaligned(as: UInt64.self).bigEndian), layer: .writable)))
        if run.count == Self.runLength { handOver(at: position) }
    }

    private func isInSection(_ key: UnsafeRawBufferPointer) -> Bool {
        let count = section.start.count
        guard count > 0, key.count >= count else { return false }
        return section.start.withUnsafeBytes { memcmp($0.baseAddress!, key.baseAddress!, count) == 0 }
    }

    /// Keys ascend, so all objects of a type come one after the other.
    private mutating func enterSection(of key: UnsafeRawBufferPointer) throws(StoreError) {
        handOver()
        guard let type = StoreLayout.id(ofKey: key)?.typeName else { throw unreadable }
        let isPack = type == StoreLayout.packSection
        section = (Array(type.rawValue.utf8) + [0], type, isPack ? nil : catalog.position(type))
    }

    private mutating func takeOther(
        _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer
    ) throws(StoreError) {
        guard section.type == StoreLayout.packSection else { return unknown[section.type, default: 0] += 1 }
        guard let pack = Layer(encoded: Array(value), catalog.layers) else {
            let name = String(decoding: key.dropFirst(section.start.count), as: UTF8.self)
            throw StoreError(.corrupt, "the content pack \(name) in \(store.locator) cannot be read")
        }
        packs.append(pack)
    }

    private mutating func handOver() {
        if let position = section.position, run.count > 0 { handOver(at: position) }
    }

    private mutating func handOver(at position: Int) {
        LargePages.advise(around: ObjectEntry.key(of: run.entry(at: run.count - 1)).pointee.address)
        count += run.count
        loading.add(run, at: position)
        run = TableFiller.Run()
        let now = ContinuousClock.now
        guard lastNews.duration(to: now) > Self.patience else { return }
        lastNews = now
        logger.info("loading", metadata: ["objects": "\(count)", "type": "\(section.type)"])
    }

    private var unreadable: StoreError {
        StoreError(.corrupt, "a data entry of \(store.locator) has a key or value of no known form")
    }
}

/// Larger pages for what stays in memory: a page of 2 MiB is mapped in one step instead of 512, and finding the memory of an
/// object then rarely takes the processor to the page tables.
enum LargePages {
    /// Allocators take memory from the system in blocks of about this size and alignment: mimalloc's segments are as long.
    private static let blockSize = 32 << 20

    /// Has the block around `address` consist of large pages where they are to be had.
    static func advise(around address: UnsafeRawPointer) {
        let start = UInt(bitPattern: address) & ~UInt(blockSize - 1)
        // Parts of the block that are not mapped are passed over, and a kernel without large pages refuses: both are fine.
        _ = madvise(UnsafeMutableRawPointer(bitPattern: start), blockSize, MADV_HUGEPAGE)
    }
}
