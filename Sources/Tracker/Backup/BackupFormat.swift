public import Basics
import JSON
import Store

/// Where a backup ends, for one that goes on from there.
public struct BackupPoint: Sendable {
    /// The revision whose state the backup has.
    public let revision: Revision
    /// The mark of the epoch that wrote it.
    public let mark: String
    /// What the hash chain over commit records came to.
    public let chain: [UInt8]

    /// A point.
    public init(revision: Revision, mark: String, chain: [UInt8]) {
        (self.revision, self.mark, self.chain) = (revision, mark, chain)
    }

    /// The point that `text` says: revision, mark and chain with dots between; nil if it says none.
    public init?(_ text: String) {
        let parts = text.parts(between: ".")
        guard parts.count == 3, let number = UInt64(parts[0]), let chain = Hexadecimal.decode(String(parts[2])),
            chain.count == BackupChain.length
        else { return nil }
        self.init(revision: Revision(number), mark: String(parts[1]), chain: chain)
    }

    /// Whether both are the end of one backup.
    public func isSame(as other: BackupPoint?) -> Bool {
        guard let other else { return false }
        return revision == other.revision && mark.hasSameUTF8(as: other.mark) && chain == other.chain
    }

    /// The text that says it.
    public var text: String { "\(revision).\(mark).\(Hexadecimal.encode(chain))" }
}

/// What stands at the start of a backup.
public struct BackupHeader: Sendable {
    /// The newest format.
    static let format = 1

    /// The identity of the store.
    public let store: String
    /// The revision whose state it has.
    public let revision: Revision
    /// The mark of the epoch that wrote it.
    public let mark: String
    /// When it was begun.
    public let time: Timestamp
    /// Where the backup ends that it goes on from; nil if it is whole in itself.
    public let since: BackupPoint?

    var value: JSONValue {
        var value: JSONObject = [
            "format": JSONValue(Self.format), "store": .string(store),
            "revision": JSONValue(Int(clamping: revision.number)),
            "mark": .string(mark), "time": .string(time.description),
        ]
        if let since { value["since"] = .string(since.text) }
        return .object(value)
    }
}

extension BackupHeader {
    /// The header that `bytes` hold.
    ///
    /// - Throws: `unsupported` if a newer program wrote it, `corrupt` if it is none.
    init(_ bytes: [UInt8], of path: String) throws(StoreError) {
        guard let value = try? JSONValue(parsing: bytes), let format = value["format"]?.intValue else {
            throw StoreError(.corrupt, "the backup \(path) has no header")
        }
        guard format <= Self.format else {
            throw StoreError(
                .unsupported,
                "the backup \(path) has format \(format), and this program knows up to \(Self.format): use a newer one")
        }
        let point = value["since"]?.stringValue.flatMap { BackupPoint($0) }
        guard let store = value["store"]?.stringValue, let revision = value["revision"]?.intValue, revision >= 0,
            let mark = value["mark"]?.stringValue,
            let time = value["time"]?.stringValue.flatMap(Timestamp.init(rfc3339:)),
            (value["since"] == nil) == (point == nil)
        else { throw StoreError(.corrupt, "the header of the backup \(path) cannot be read") }
        self.init(store: store, revision: Revision(UInt64(revision)), mark: mark, time: time, since: point)
    }
}

/// What stands at the end of a backup: proof that it is whole.
public struct BackupEnd: Sendable {
    /// How many entries of each kind there are.
    private(set) var counts: [BackupFrame.Kind: Int] = [:]
    /// The oldest revision whose state can be told.
    public internal(set) var start = Revision.zero
    /// What the hash chain over commit records came to.
    public internal(set) var chain: [UInt8] = []
    /// The SHA-256 of all bytes before the end.
    var sum: [UInt8] = []

    var value: JSONValue {
        [
            "counts": .object(JSONObject(namedCounts.map { ($0.name, JSONValue($0.count)) })),
            "start": JSONValue(Int(clamping: start.number)), "chain": .string(Hexadecimal.encode(chain)),
            "sum": .string(Hexadecimal.encode(sum)),
        ]
    }

    init() {}

    /// The number of entries of each kind that there are any of, by name.
    public var namedCounts: [(name: String, count: Int)] {
        BackupFrame.Kind.allCases.compactMap { kind in counts[kind].map { (kind.name, $0) } }
    }

    /// How many objects and packs there are.
    public var objects: Int { counts[.data] ?? 0 }
    /// How many commits there are.
    public var commits: Int { counts[.commit] ?? 0 }
    /// How many earlier versions there are.
    public var versions: Int { counts[.version] ?? 0 }

    /// Notes an entry.
    mutating func count(_ kind: BackupFrame.Kind) { counts[kind, default: 0] += 1 }

    /// Whether there are as many of each as elsewhere.
    func hasCounts(_ other: [BackupFrame.Kind: Int]) -> Bool { counts == other }

    /// The end that `bytes` hold; nil if they hold none.
    init?(_ bytes: [UInt8]) {
        guard let value = try? JSONValue(parsing: bytes), let start = value["start"]?.intValue, start >= 0,
            let chain = value["chain"]?.stringValue.flatMap({ Hexadecimal.decode($0) }),
            let sum = value["sum"]?.stringValue.flatMap({ Hexadecimal.decode($0) })
        else { return nil }
        for kind in BackupFrame.Kind.allCases { counts[kind] = value["counts"]?[kind.name]?.intValue }
        (self.start, self.chain, self.sum) = (Revision(UInt64(start)), chain, sum)
    }
}
