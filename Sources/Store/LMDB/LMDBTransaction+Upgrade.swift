import Basics
import CLMDB

/// How far taking over a store of an older format has come: all before it has checksums, nothing from it on.
struct UpgradeMark {
    /// The key it is stored under, in the unnamed database.
    static let key = Array("muster-upgrade".utf8)

    /// The place of the keyspace being taken over.
    var keyspace: Int
    /// Where in it to go on.
    var from: [UInt8]
    /// How many entries of all keyspaces are done.
    var count: Int

    /// The stored form.
    var encoded: [UInt8] {
        [UInt8(keyspace)] + withUnsafeBytes(of: UInt64(count).littleEndian) { Array($0) } + from
    }

    /// Where taking over begins.
    static let start = UpgradeMark(keyspace: 0, from: [], count: 0)

    private init(keyspace: Int, from: [UInt8], count: Int) {
        self.keyspace = keyspace
        self.from = from
        self.count = count
    }

    /// Reads the stored form; nil if it is none.
    init?(encoded: [UInt8]) {
        guard encoded.count >= 9, Int(encoded[0]) < Keyspace.allCases.count,
            let count = Int(exactly: encoded.withUnsafeBytes { $0.number(1, UInt64.self) })
        else { return nil }
        self.init(keyspace: Int(encoded[0]), from: Array(encoded.dropFirst(9)), count: count)
    }
}

extension LMDBTransaction {
    /// Gives the next values of an older store their checksums, and notes how far that is.
    ///
    /// - Parameter limit: about how many bytes to take over in this transaction.
    func upgrade(limit: Int) throws(StoreError) {
        var mark = try upgradeMark() ?? .start
        var rest = limit
        while mark.keyspace < Keyspace.allCases.count {
            let keyspace = Keyspace.allCases[mark.keyspace]
            let (pairs, next) = try pairs(databases[keyspace.ordinal], from: mark.from, limit: rest)
            for (key, value) in pairs {
                try sealedPut(databases[keyspace.ordinal], key: key, value: value, in: keyspace.ordinal)
                rest -= key.count + value.count
            }
            mark.count += pairs.count
            mark.from = next ?? []
            if next != nil { break }
            mark.keyspace += 1
        }
        try setUpgradeMark(mark.keyspace < Keyspace.allCases.count ? mark : nil)
        try noteVersion()
    }

    private func pairs(
        _ database: MDB_dbi, from: [UInt8], limit: Int
    ) throws(StoreError) -> (pairs: [([UInt8], [UInt8])], next: [UInt8]?) {
        var pairs: [([UInt8], [UInt8])] = []
        var rest = limit
        var next: [UInt8]?
        try rawScan(database, from: from, upTo: nil, descending: false) { key, value in
            guard rest > 0 else {
                next = Array(key)
                return false
            }
            rest -= key.count + value.count
            pairs.append((Array(key), Array(value)))
            return true
        }
        return (pairs, next)
    }
}
