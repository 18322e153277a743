import Basics

/// What LMDB notes about a tree: 48 bytes on a meta page, or under the tree's name in the main tree.
struct TreeRecord {
    static let byteCount = 48
    private static let none = UInt64.max

    /// The page size in the free list's record, else unused.
    let pad: UInt32
    let flags: UInt16
    let depth: Int
    let branchPages: UInt64
    let leafPages: UInt64
    let overflowPages: UInt64
    let entries: UInt64
    /// Nil for an empty tree.
    let root: UInt64?

    /// Reads a record from exactly as many bytes as it has.
    init(_ bytes: UnsafeRawBufferPointer) {
        pad = bytes.number(0, UInt32.self)
        flags = bytes.number(4, UInt16.self)
        depth = Int(bytes.number(6, UInt16.self))
        branchPages = bytes.number(8, UInt64.self)
        leafPages = bytes.number(16, UInt64.self)
        overflowPages = bytes.number(24, UInt64.self)
        entries = bytes.number(32, UInt64.self)
        let root = bytes.number(40, UInt64.self)
        self.root = root == Self.none ? nil : root
    }
}
