import Basics
import Glibc

/// LMDB's data file in a map of our own, which shows what the newest state may use of it and goes when the object does.
///
/// Nothing here follows what it finds without a look at the limits. A page that the device cannot read ends the process with a
/// line (`MapGuard`), as it does in LMDB's map later.
final class PageFile {
    let path: String
    let pageSize: Int
    /// How many pages there are.
    let pageCount: Int
    private let map: UnsafeRawBufferPointer
    private let mapGuard: MapGuard

    /// Maps the first pages of an open file, which must be long enough for them.
    init(_ descriptor: Int32, path: String, pageSize: Int, pageCount: Int) throws(StoreError) {
        let size = pageSize * pageCount
        let start = mmap(nil, size, PROT_READ, MAP_SHARED, descriptor, 0)
        guard start != MAP_FAILED, let start else { throw .system(errno, doing: "mapping", path: path) }
        map = UnsafeRawBufferPointer(start: start, count: size)
        mapGuard = MapGuard(map, path: path)
        (self.path, self.pageSize, self.pageCount) = (path, pageSize, pageCount)
    }

    deinit {
        munmap(UnsafeMutableRawPointer(mutating: map.baseAddress), map.count)
    }

    /// The page with a number below `pageCount`.
    func page(_ number: UInt64) -> LMDBPage {
        let start = Int(number) * pageSize
        return LMDBPage(bytes: map.part(start..<start + pageSize))
    }

    /// A long value of `length` bytes that begins on page `first`, all of which must lie within the file.
    func longValue(at first: UInt64, _ length: Int) -> UnsafeRawBufferPointer {
        let start = Int(first) * pageSize + LMDBPage.headerSize
        return map.part(start..<start + length)
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
