import Basics
import Crypto

/// One entry of a backup: its length (4 bytes), its kind (1 byte), its content, and a checksum of kind and content (4 bytes) that
/// depends on its number, so that no two can change places.
struct BackupFrame {
    /// What an entry is.
    enum Kind: UInt8, CaseIterable {
        /// JSON about the backup.
        case header = 0x48
        /// The record of a commit.
        case commit = 0x43
        /// What an object was before a commit.
        case version = 0x56
        /// An object, or a content pack.
        case data = 0x44
        /// The key of what is in `data` no more since the backup before.
        case removal = 0x52
        /// A named value.
        case metadata = 0x4D
        /// What belongs to an object.
        case side = 0x53
        /// JSON that proves the rest.
        case end = 0x45

        /// What counts are called.
        var name: String {
            switch self {
            case .header: "header"
            case .commit: "commits"
            case .version: "versions"
            case .data: "objects"
            case .removal: "removals"
            case .metadata: "metadata"
            case .side: "side"
            case .end: "end"
            }
        }
    }

    /// The first bytes of a backup.
    static let magic = Array("MUSTER BACKUP\n".utf8)
    /// The longest content, in bytes: a content pack is an entry.
    static let longest = 1 << 30
    /// What an entry has beside its content, in bytes.
    static let overhead = 9

    /// What it is.
    let kind: Kind
    /// What it says.
    let content: [UInt8]

    /// The content of an entry with a key and a value.
    static func pair(_ key: [UInt8], _ value: some Collection<UInt8>) -> [UInt8] {
        var content: [UInt8] = []
        content.reserveCapacity(4 + key.count + value.count)
        withUnsafeBytes(of: UInt32(key.count).bigEndian) { content.append(contentsOf: $0) }
        content += key
        content.append(contentsOf: value)
        return content
    }

    /// Key and value of the entry; nil if it has none.
    var pair: (key: [UInt8], value: [UInt8])? {
        guard content.count >= 4 else { return nil }
        let count = content.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        guard content.count >= 4 + count, count > 0 else { return nil }
        return (Array(content[4..<(4 + count)]), Array(content[(4 + count)...]))
    }

    /// Adds the entry to bytes.
    ///
    /// - Parameter number: of the entry, from zero.
    static func append(_ kind: Kind, _ content: [UInt8], number: Int, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: UInt32(content.count).bigEndian) { bytes.append(contentsOf: $0) }
        bytes.append(kind.rawValue)
        bytes += content
        withUnsafeBytes(of: checksum(kind.rawValue, content[...], number).bigEndian) { bytes.append(contentsOf: $0) }
    }

    /// The checksum of an entry.
    static func checksum(_ kind: UInt8, _ content: ArraySlice<UInt8>, _ number: Int) -> UInt32 {
        var sum = CRC32C(seed: UInt32(truncatingIfNeeded: number))
        withUnsafeBytes(of: kind) { sum.add($0) }
        content.withUnsafeBytes { sum.add($0) }
        return sum.value
    }
}

/// A hash over commit records, each with all before it: two backups that come to the same value tell the same history.
struct BackupChain: Sendable, Hashable {
    /// Its length in bytes.
    static let length = 32

    /// What it has come to.
    private(set) var value: [UInt8]

    /// A chain that goes on from a value; without one, a new one.
    init(_ value: [UInt8] = [UInt8](repeating: 0, count: BackupChain.length)) { self.value = value }

    /// Adds the record of a commit.
    mutating func add(_ content: [UInt8]) {
        var hash = SHA256()
        hash.update(data: value)
        hash.update(data: content)
        value = Array(hash.finalize())
    }
}
