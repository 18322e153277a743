import Glibc
import Synchronization

/// Counts what is touched of a memory map, and gives the map's pages back now and then.
///
/// Pages of the map that were touched count as this process's memory until the system needs them elsewhere. Without this, one look
/// at everything, in one scan or in many, would add as much as all objects once more. The pages stay in the system's cache, and
/// whoever reads them next finds them there.
final class VisitedPages: Sendable {
    /// Where the map is.
    private struct Map {
        let start: UInt
        let count: Int
    }

    private let byteCount = Atomic<Int>(0)
    private let map = Mutex<Map?>(nil)

    /// So much may be touched before pages are given back.
    static let threshold = 16 << 20
    /// Whoever touches a page is given those around it too (`fault_around_bytes` of Linux).
    static let blockSize = 64 << 10
    /// What one change counts of many that are made in the order of their keys: neighbours share blocks.
    static let orderedSize = blockSize / 4

    /// Has the pages of `bytes` be given back from now on. To be ended before that memory is anything else.
    func begin(_ bytes: UnsafeRawBufferPointer) {
        map.withLock { $0 = Map(start: UInt(bitPattern: bytes.baseAddress), count: bytes.count) }
    }

    /// Gives no more pages back.
    func end() { map.withLock { $0 = nil } }

    /// Notes that up to `bytes` bytes were touched.
    func add(_ bytes: Int) {
        guard byteCount.add(bytes, ordering: .relaxed).newValue >= Self.threshold else { return }
        byteCount.store(0, ordering: .relaxed)
        map.withLock { map in
            guard let map else { return }
            // It is advice: where the system does not follow it, nothing is wrong.
            _ = madvise(UnsafeMutableRawPointer(bitPattern: map.start), map.count, MADV_DONTNEED)
        }
    }
}

/// Counts the blocks of a memory map that one scan touches.
struct VisitedBlocks {
    private var byteCount = 0
    private var last: UInt?

    /// Notes that a value was read.
    ///
    /// - Parameter pages: told now and then.
    @inline(__always)
    mutating func add(_ value: UnsafeRawBufferPointer, _ pages: VisitedPages) {
        let block = UInt(bitPattern: value.baseAddress) / UInt(VisitedPages.blockSize)
        if block != last || value.count > VisitedPages.blockSize {
            byteCount += max(VisitedPages.blockSize, value.count)
            if byteCount >= VisitedPages.threshold { tell(pages) }
        }
        last = block
    }

    /// Tells `pages` of what it was not told yet.
    mutating func tell(_ pages: VisitedPages) {
        pages.add(byteCount)
        byteCount = 0
    }
}
