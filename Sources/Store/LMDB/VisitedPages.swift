import Glibc
import Synchronization

/// Counts what is touched of a memory map, and gives the map's pages back now and then.
///
/// Pages of the map that were touched count as this process's memory until the system needs them elsewhere. Without this, one
/// look at everything, in one scan or in many, would add as much as all objects once more. The pages stay in the system's cache,
/// and whoever reads them next finds them there.
final class VisitedPages: Sendable {
    /// Where the map is.
    private struct Map {
        let start: UInt
        let count: Int
    }

    private let byteCount = Atomic<Int>(0)
    /// The fewest bytes of files that the process had in memory since pages were last given back.
    private let floor = Atomic<Int>(0)
    private let map = Mutex<Map?>(nil)

    /// So much may be touched before pages are given back.
    static let threshold = 16 << 20
    /// Whoever touches a page may be given those around it too: Linux keeps files in large pieces.
    static let blockSize = 1 << 20
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
        // What was touched may have been there before.
        let resident = Self.residentFileBytes ?? .max
        let floor = min(floor.load(ordering: .relaxed), resident)
        self.floor.store(floor, ordering: .relaxed)
        if resident - floor < Self.threshold { return }
        map.withLock { map in
            guard let map else { return }
            // It is advice: where the system does not follow it, nothing is wrong.
            _ = madvise(UnsafeMutableRawPointer(bitPattern: map.start), map.count, MADV_DONTNEED)
        }
        self.floor.store(Self.residentFileBytes ?? 0, ordering: .relaxed)
    }

    /// How many bytes of files are in the process's memory; nil if the system does not tell.
    private static var residentFileBytes: Int? {
        let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var text = [UInt8](repeating: 0, count: 256)
        let count = read(descriptor, &text, text.count)
        // All pages, those in memory, those of them that are files', and others.
        let words = text.prefix(max(count, 0)).split(separator: UInt8(ascii: " "), maxSplits: 3)
        guard words.count > 2, let pages = Int(String(decoding: words[2], as: UTF8.self)) else { return nil }
        return pages * sysconf(Int32(_SC_PAGESIZE))
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
