import Basics

/// One entry of LMDB's list of free pages: those that a transaction freed.
struct FreePages {
    /// The number of the transaction; 0 if the key is none.
    let transaction: UInt64
    private let bytes: UnsafeRawBufferPointer

    /// Reads an entry of the file, and shows it as long as the file is mapped.
    init(_ node: LMDBPage.Node, in file: PageFile) {
        transaction = node.key.count == 8 ? node.key.number(0, UInt64.self) : 0
        let isLong = node.flags & LMDBPage.Node.isLong != 0
        bytes = isLong ? file.longValue(at: node.child, node.length) : node.data
    }

    /// The numbers, which descend; nil if they do not, or are not as many as the list says.
    var pages: [UInt64]? {
        guard transaction > 0, bytes.count >= 8,
            let count = Int(exactly: bytes.number(0, UInt64.self)), count <= bytes.count / 8 - 1
        else { return nil }
        var pages: [UInt64] = []
        pages.reserveCapacity(count)
        for index in 1..<count + 1 {
            let number = bytes.number(index * 8, UInt64.self)
            if let last = pages.last, number >= last { return nil }
            pages.append(number)
        }
        return pages
    }
}
