/// One entry of LMDB's list of free pages: those that a transaction freed.
struct FreePages {
    /// The number of the transaction; 0 if the key is none.
    let transaction: UInt64
    private let bytes: [UInt8]
    /// Where the list lies, if it has pages of its own.
    private let firstPage: UInt64?
    private let length: Int

    init(_ node: LMDBPage.Node) {
        transaction = node.key.count == 8 ? node.key.number(0, UInt64.self) : 0
        bytes = Array(node.data)
        firstPage = node.flags & LMDBPage.Node.isLong != 0 ? node.child : nil
        length = node.length
    }

    /// The numbers, which descend; nil if they do not, or are not as many as the list says.
    func pages(in file: PageFile) throws(StoreError) -> [UInt64]? {
        let bytes = try firstPage.map { first throws(StoreError) in try file.value(at: first, length) } ?? self.bytes
        return bytes.withUnsafeBytes { bytes in
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
}

extension PageFile {
    /// A value of `length` bytes that begins on page `first`, which was checked to hold it.
    fileprivate func value(at first: UInt64, _ length: Int) throws(StoreError) -> [UInt8] {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: max(length, 1), alignment: 16)
        defer { buffer.deallocate() }
        let target = UnsafeMutableRawBufferPointer(rebasing: buffer[..<length])
        try Self.read(descriptor, path, at: Int(first) * pageSize + LMDBPage.headerSize, into: target)
        return Array(target)
    }
}
