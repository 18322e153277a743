/// Declares data that does not live in memory: samples of a sensor, lines of a log.
///
/// An entry is bytes, under a subject (a sensor, a job) and an item (a time, a number), which sort as bytes. Entries are
/// written in the same group commits as objects and are as durable, but have no revision, no event and no history: undoing a commit
/// does not bring back what it removed of them, nor remove what it appended.
public struct SideKeyspace: Sendable {
    /// The name by which it is stored: at most 32 of the letters a to z, digits and `_`.
    public let name: TypeName
    /// The type whose objects' keys the subjects are, if they are; then nothing can be appended where there is no object, and when an
    /// object is gone, its entries are removed in the same commit. That takes as long as there are many: trim what grows.
    public let owner: TypeName?
    /// Whether a backup has it; what can be measured again need not be.
    public let isBackedUp: Bool
    /// How much may be appended.
    public let limits: Limits

    /// How much may be appended; more is refused as `invalid`.
    public struct Limits: Sendable, Hashable {
        /// The bytes of one entry.
        public var entryBytes: Int
        /// The bytes of all entries of one commit.
        public var commitBytes: Int

        /// Limits, by default 64 KiB and 4 MiB.
        public init(entryBytes: Int = 64 << 10, commitBytes: Int = 4 << 20) {
            self.entryBytes = entryBytes
            self.commitBytes = commitBytes
        }
    }

    /// The longest subject in bytes, each NUL counted twice.
    public static let longestSubject = 400
    /// The longest item in bytes.
    public static let longestItem = 64
    /// The longest name in bytes. With it, subject and item fit into the keys of every store.
    static let longestName = 32

    /// Declares a keyspace; a name of another form is a programmer error.
    public init(_ name: TypeName, of owner: TypeName? = nil, isBackedUp: Bool = true, limits: Limits = Limits()) {
        let bytes = name.rawValue.utf8
        let isName = bytes.allSatisfy {
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
                || $0 == UInt8(ascii: "_")
        }
        precondition(isName && 1...Self.longestName ~= bytes.count, "\(name) is no name of a side keyspace")
        self.name = name
        self.owner = owner
        self.isBackedUp = isBackedUp
        self.limits = limits
    }
}

/// An entry of side data.
public struct SideEntry: Sendable, Hashable {
    /// What it is under, among those of its subject.
    public let item: [UInt8]
    /// What was appended.
    public let value: [UInt8]
}

/// Some entries of one subject, as they were at one moment.
public struct SidePage: Sendable, Hashable {
    /// The entries, in the order that was asked for.
    public var entries: [SideEntry] = []
    /// Where the next page begins: its `from`, or its `upTo` when descending. Nil if there is none.
    public var next: [UInt8]?
}
