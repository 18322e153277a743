import Basics

/// A page of LMDB's data file as bytes that may be damaged: nothing is read that lies outside them.
///
/// The format is that of LMDB 0.9: a header of 16 bytes (page number, padding, flags, and for pages of a tree the ends of the
/// places of nodes and of the free space, for long values the count of pages), two bytes for the place of each node, and the
/// nodes from the end of the page down. All numbers are in the order of the machine, which is little-endian here.
struct LMDBPage {
    /// What a page is for.
    enum Kind: UInt16 {
        case branch = 1
        case leaf = 2
        case overflow = 4
        case meta = 8
    }

    static let headerSize = 16
    private static let nodeHeaderSize = 8

    let bytes: UnsafeRawBufferPointer

    /// The number that the page says it has.
    var number: UInt64 { bytes.number(0, UInt64.self) }
    /// Nil if the flags are none that LMDB writes.
    var kind: Kind? { Kind(rawValue: bytes.number(10, UInt16.self)) }
    /// How many pages a long value takes.
    var overflowCount: Int { Int(bytes.number(12, UInt32.self)) }
    /// How many nodes there are; nil if the ends of the free space cannot be.
    var nodeCount: Int? {
        let (lower, upper) = (Int(bytes.number(12, UInt16.self)), upper)
        guard lower >= Self.headerSize, lower <= upper, upper <= bytes.count, lower % 2 == 0 else { return nil }
        return (lower - Self.headerSize) / 2
    }

    /// A node; nil if it does not lie within the page.
    ///
    /// - Parameter index: below `nodeCount`.
    func node(_ index: Int, isLeaf: Bool) -> Node? {
        let start = Int(bytes.number(Self.headerSize + index * 2, UInt16.self))
        guard start >= upper, start % 2 == 0, start + Self.nodeHeaderSize <= bytes.count else { return nil }
        let low = bytes.number(start, UInt32.self)
        let flags = bytes.number(start + 4, UInt16.self)
        let keyStart = start + Self.nodeHeaderSize
        let keyEnd = keyStart + Int(bytes.number(start + 6, UInt16.self))
        guard keyEnd <= bytes.count else { return nil }
        let key = bytes.part(keyStart..<keyEnd)
        guard isLeaf else {
            let child = UInt64(low) | UInt64(flags) << 32
            return Node(key: key, flags: 0, child: child, length: 0, data: bytes.part(keyEnd..<keyEnd))
        }
        let isLong = flags & Node.isLong != 0
        let dataEnd = keyEnd + (isLong ? 8 : Int(low))
        guard dataEnd <= bytes.count else { return nil }
        let child = isLong ? bytes.number(keyEnd, UInt64.self) : 0
        return Node(key: key, flags: flags, child: child, length: Int(low), data: bytes.part(keyEnd..<dataEnd))
    }

    private var upper: Int { Int(bytes.number(14, UInt16.self)) }

    /// A key with what is under it.
    struct Node {
        /// The value is on pages of its own.
        static let isLong: UInt16 = 1
        /// The value is the record of a named tree.
        static let isTree: UInt16 = 2

        let key: UnsafeRawBufferPointer
        /// Of a leaf's node.
        let flags: UInt16
        /// Of a branch's node the page below it, of a long value's node its first page.
        let child: UInt64
        /// How many bytes the value has, wherever it is.
        let length: Int
        /// A leaf's value, unless it is long.
        let data: UnsafeRawBufferPointer
    }
}
