import Glibc
import StoreTesting
import Testing

@testable import Store

/// What a store should hold.
struct StoreModel: Equatable, CustomStringConvertible {
    private var tables: [Keyspace: [[UInt8]: [UInt8]]] = [:]

    /// Short, since a failed expectation shows it.
    var description: String { tables.map { "\($0.key): \($0.value.count) pairs" }.sorted().joined(separator: ", ") }

    mutating func apply(_ batch: WriteBatch) {
        for operation in batch.operations {
            switch operation {
            case .put(let keyspace, let key, let value): tables[keyspace, default: [:]][key] = value
            case .remove(let keyspace, let key): tables[keyspace]?[key] = nil
            case .clear(let keyspace): tables[keyspace] = nil
            }
        }
        tables = tables.filter { !$0.value.isEmpty }
    }

    func applying(_ batch: WriteBatch) -> StoreModel {
        var other = self
        other.apply(batch)
        return other
    }

    init() {}

    /// What a store does hold.
    init(_ store: any KeyValueStore) throws {
        for keyspace in Keyspace.allCases {
            var table: [[UInt8]: [UInt8]] = [:]
            try store.scan(keyspace) { key, value in
                table[Array(key)] = Array(value)
                return true
            }
            if !table.isEmpty { tables[keyspace] = table }
        }
    }

    /// Checks ranges in both directions and single values, too.
    func check(_ store: any KeyValueStore, _ random: inout SeededGenerator, _ comment: Comment) throws {
        #expect(try StoreModel(store) == self, comment)
        for keyspace in Keyspace.allCases {
            let table = tables[keyspace, default: [:]]
            let (from, upTo, descending) = (random.bytes(0...2), random.bytes(0...2), Bool.random(using: &random))
            var seen: [[UInt8]] = []
            try store.scan(keyspace, from: from, upTo: upTo, descending: descending) { key, _ in
                seen.append(Array(key))
                return seen.count < 20
            }
            let keys = table.keys.filter { !$0.lexicographicallyPrecedes(from) && $0.lexicographicallyPrecedes(upTo) }
            let sorted = keys.sorted { descending != $0.lexicographicallyPrecedes($1) }
            #expect(seen == Array(sorted.prefix(20)), comment)
            for key in table.keys.prefix(20) + [from] where !key.isEmpty {
                #expect(try store.value(keyspace, key: key) == table[key], comment)
            }
        }
    }

    /// Mostly puts, over few enough keys that they collide.
    static func randomBatch(_ random: inout SeededGenerator) -> WriteBatch {
        var batch = WriteBatch()
        for _ in 0..<Int.random(in: 1...12, using: &random) {
            let keyspace = Keyspace.allCases.randomElement(using: &random) ?? .data
            let key = random.bytes(1...2).map { $0 % 10 * 25 }
            switch Int.random(in: 0..<200, using: &random) {
            case 0: batch.clear(keyspace)
            case 1..<50: batch.remove(keyspace, key: key)
            case 51: batch.put(keyspace, key: key, value: random.bytes(20_000...40_000))
            default: batch.put(keyspace, key: key, value: random.bytes(0...600))
            }
        }
        return batch
    }
}

/// The files of a directory, for making copies of a store as a crash would leave it.
struct StoreFiles: Equatable {
    var data: [UInt8]
    var journal: [UInt8]?

    init(_ directory: String) throws {
        data = try #require(readFile(directory + "/data.mdb"))
        journal = readFile(directory + "/journal")
    }

    /// Writes them to a new directory.
    func write(to directory: String) throws {
        try Directory.create(directory)
        writeFile(data, to: directory + "/data.mdb")
        if let journal { writeFile(journal, to: directory + "/journal") }
    }
}

func readFile(_ path: String) -> [UInt8]? {
    guard let size = Directory.sizeOfFile(path) else { return nil }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    defer { close(descriptor) }
    return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
        count = max(0, read(descriptor, buffer.baseAddress, size))
    }
}

func writeFile(_ bytes: [UInt8], to path: String) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    #expect(write(descriptor, bytes, bytes.count) == bytes.count)
    close(descriptor)
}
