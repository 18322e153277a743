import Basics
import Glibc
import StoreTesting
import Testing

@testable import Store

/// Bits rot, files are cut short: a store shows the same data, or is refused with the file's name. Never is it a signal, and
/// never other data. What LMDB does with damage would end the process, so all of it happens in one of its own.
@Suite struct StoreDamageTests {
    @Test func `a damaged store that was closed is refused, or as it was`() async {
        await #expect(processExitsWith: .success) {
            for seed in 1...3 as ClosedRange<UInt64> { try Mutations(seed: seed, isClosed: true).run(count: 150) }
        }
    }

    @Test func `a damaged store that was not closed is refused, or as it was`() async {
        await #expect(processExitsWith: .success) {
            for seed in 11...13 as ClosedRange<UInt64> { try Mutations(seed: seed, isClosed: false).run(count: 150) }
        }
    }

    @Test func `with any bit of the meta pages or of the main tree turned over, a store is as it was or refused`() async
    {
        await #expect(processExitsWith: .success) {
            let mutations = try Mutations(seed: 21, isClosed: true)
            // Every third bit, which finds all bytes and all bits of numbers; those of transactions one by one.
            for page in 0...1 {
                let start = page * 4096 * 8
                for bit in Array(stride(from: 0, to: 144 * 8, by: 3)) + Array(144 * 8..<152 * 8) {
                    try mutations.check(.flip(start + bit), in: \.data)
                }
            }
            for bit in stride(from: 0, to: 4096 * 8, by: 7)
            where mutations.isUsed(mutations.mainTreeRoot * 4096 + bit / 8) {
                try mutations.check(.flip(mutations.mainTreeRoot * 4096 * 8 + bit), in: \.data)
            }
        }
    }

    @Test func `a data file that is cut short while in use ends the process with one line, and not by a signal`() async
    {
        let result = await #expect(processExitsWith: .exitCode(74), observing: [\.standardErrorContent]) {
            let stores = TemporaryStores()
            let store = try stores.open("&journal=off")
            for number in 0..<30 as Range<UInt64> { try put(store, number, size: 300) }
            #expect(truncate(store.directory + "/data.mdb", 0) == 0)
            _ = try count(store)
        }
        let line = result.map { String(decoding: $0.standardErrorContent, as: UTF8.self) } ?? ""
        #expect(line.contains("store/data.mdb cannot be read: the device failed"))
        #expect(line.contains("restore a backup"))
    }

    @Test func `a value that rots is named, and the others can be read`() throws {
        let stores = TemporaryStores()
        let store = try stores.open()
        for number in 0..<30 as Range<UInt64> { try put(store, number, size: 300) }
        try store.close()
        var files = try StoreFiles(store.directory)
        let place = try #require(
            files.data.indices.first { files.data[$0...].starts(with: [UInt8](repeating: 17, count: 300)) })
        for index in place..<files.data.count - 300 where files.data[index..<index + 300].allSatisfy({ $0 == 17 }) {
            files.data[index + 100] ^= 4
        }
        try files.write(to: stores.path + "/damaged")
        let damaged = try stores.open(name: "damaged")
        #expect(try damaged.value(.data, key: key(16)) == [UInt8](repeating: 16, count: 300))
        let error = #expect(throws: StoreError.self) { try damaged.value(.data, key: key(17)) }
        #expect(error?.code == .corrupt)
        for word in ["damaged/data.mdb", "%00%11", "in data", "checksum", "Restore a backup"] {
            #expect(error?.message.contains(word) == true, "\(word)")
        }
        #expect(throws: StoreError.self) { try count(damaged) }
        try damaged.close()
    }
}

/// Changes files of one store here and there, and looks what an opening makes of them.
private struct Mutations {
    /// A change of a file.
    enum Mutation {
        case flip(Int)
        case truncate(Int)
        case fill(Range<Int>, UInt8)
    }

    private let directory = TemporaryDirectory()
    private let seed: UInt64
    private let files: StoreFiles
    private let model: StoreModel

    init(seed: UInt64, isClosed: Bool) throws {
        self.seed = seed
        var random = SeededGenerator(seed: seed)
        let store = try Self.open("store", in: directory)
        var model = StoreModel()
        for step in 0..<60 {
            var batch = StoreModel.randomBatch(&random)
            // Many small pairs, so that trees have branches.
            for _ in 0..<20 { batch.put(.data, key: random.bytes(2...40), value: random.bytes(0...200)) }
            try store.apply(batch)
            model.apply(batch)
            if step % 10 == 7 { try store.journal?.checkpointEverything() }
        }
        if isClosed { try store.close() }
        self.model = model
        files = try StoreFiles(store.directory)
        #expect(try StoreModel(Self.reopened(files, in: directory)) == model)
    }

    /// The page that is the newest main tree's root.
    var mainTreeRoot: Int {
        files.data.withUnsafeBytes { bytes in
            let newest =
                [0, 4096].max { bytes.number($0 + 144, UInt64.self) < bytes.number($1 + 144, UInt64.self) } ?? 0
            return Int(bytes.number(newest + 128, UInt64.self))
        }
    }

    /// Whether there is something other than zeros around a byte of the data file.
    func isUsed(_ place: Int) -> Bool { files.data[max(0, place - 8)...(place + 8)].contains { $0 != 0 } }

    func run(count: Int) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<count {
            let isJournal = files.journal?.isEmpty == false && Int.random(in: 0..<3, using: &random) == 0
            let bytes = isJournal ? files.journal ?? [] : files.data
            let used = (bytes.lastIndex { $0 != 0 } ?? 0) + 1
            let place = Int.random(in: 0..<used, using: &random)
            let mutation: Mutation =
                switch Int.random(in: 0..<10, using: &random) {
                case 0: .truncate(place)
                case 1 where !isJournal:
                    .fill(place..<min(place + 4096, used), [0, 255].randomElement(using: &random) ?? 0)
                default: .flip(place * 8 + Int.random(in: 0..<8, using: &random))
                }
            if isJournal { try check(mutation, in: \.journalBytes) } else { try check(mutation, in: \.data) }
        }
    }

    /// Opens the store with one of its files changed.
    func check(_ mutation: Mutation, in file: WritableKeyPath<StoreFiles, [UInt8]>) throws {
        var changed = files
        switch mutation {
        case .flip(let bit): changed[keyPath: file][bit / 8] ^= 1 << UInt8(bit % 8)
        case .truncate(let length): changed[keyPath: file].removeLast(changed[keyPath: file].count - length)
        case .fill(let range, let byte): for index in range { changed[keyPath: file][index] = byte }
        }
        do {
            let found = try StoreModel(Self.reopened(changed, in: directory))
            #expect(found == model, "seed \(seed), \(mutation): other data")
        } catch let error as StoreError {
            let isNamed =
                error.message.contains("data.mdb") || error.message.contains("/journal")
                || error.message.contains("/damaged")
            #expect(isNamed, "seed \(seed), \(mutation): \(error)")
        }
    }

    private static func reopened(_ files: StoreFiles, in directory: TemporaryDirectory) throws -> LMDBStore {
        for name in ["data.mdb", "journal", "LOCK", "lock.mdb"] { unlink(directory.path + "/damaged/" + name) }
        try files.write(to: directory.path + "/damaged")
        return try open("damaged", in: directory)
    }

    private static func open(_ name: String, in directory: TemporaryDirectory) throws -> LMDBStore {
        try LMDBStore(
            try StoreLocator("lmdb:\(name)?mapsize=1M"), relativeTo: directory.path,
            rules: Journal.Rules(patienceMilliseconds: nil))
    }
}

extension StoreFiles {
    /// The journal, for changes of a file that is there.
    fileprivate var journalBytes: [UInt8] {
        get { journal ?? [] }
        set { journal = newValue }
    }
}
