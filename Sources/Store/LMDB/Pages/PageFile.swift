import Glibc

/// LMDB's data file, read with `pread`: what a device cannot read is an error here, where a memory map would end the
/// process.
struct PageFile {
    let path: String
    let descriptor: Int32
    let pageSize: Int
    /// How many pages the newest state may use, which the file is long enough for.
    let pageCount: Int

    /// Fills `buffer` from page `number` on. All pages must be below `pageCount`.
    func read(_ number: UInt64, into buffer: UnsafeMutableRawBufferPointer) throws(StoreError) {
        try Self.read(descriptor, path, at: Int(number) * pageSize, into: buffer)
    }

    /// Fills `buffer` from `offset` on.
    ///
    /// - Throws: `corrupt` if the file ends before, and what the system says.
    static func read(
        _ descriptor: Int32, _ path: String, at offset: Int, into buffer: UnsafeMutableRawBufferPointer
    ) throws(StoreError) {
        var done = 0
        while done < buffer.count {
            let got = pread(descriptor, buffer.baseAddress! + done, buffer.count - done, off_t(offset + done))
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw .system(errno, doing: "reading", path: path) }
            if got == 0 { throw StoreError(.corrupt, "\(path) ends at \(offset + done): \(StoreError.restore)") }
            done += got
        }
    }

    /// The error for a page that is not as LMDB writes it.
    func damaged(_ page: UInt64, of tree: String, _ what: String) -> StoreError {
        StoreError(.corrupt, "\(path) is damaged: page \(page) of \(tree) \(what). \(StoreError.restore)")
    }
}

extension StoreError {
    /// The way on when data is damaged.
    static let restore = "Restore a backup, and check the device"
}
