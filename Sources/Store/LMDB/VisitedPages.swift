import Glibc
import Synchronization

/// Counts what is touched of a memory map, and gives the map's pages back now and then.
///
/// Pages of the map that were touched count as this process's memory until the system needs them elsewhere. Without this, one look
/// at everything, in one scan or in many, would add as much as all objects once more. The pages stay in the system's cache, and
/// whoever reads them next finds them there.
final class VisitedPages: Sendable {
    private let byteCount = Atomic<Int>(0)

    /// So much may be touched before pages are given back.
    static let threshold = 32 << 20
    /// Whoever touches a page is given those around it too (`fault_around_bytes` of Linux).
    static let blockSize = 64 << 10

    /// Notes that `bytes` bytes were touched.
    ///
    /// - Parameter address: part of the map, which stays where it is during the call, so this must be inside a transaction; nil
    ///   if none is at hand, and then whoever is next with one gives pages back.
    func add(_ bytes: Int, at address: UnsafeRawPointer?) {
        let count = byteCount.add(bytes, ordering: .relaxed).newValue
        guard count >= Self.threshold, let address else { return }
        byteCount.store(0, ordering: .relaxed)
        guard let map = MemoryMapping(holding: address) else { return }
        // It is advice: where the system does not follow it, nothing is wrong.
        _ = madvise(UnsafeMutableRawPointer(bitPattern: map.start), Int(map.end - map.start), MADV_DONTNEED)
    }
}

/// Counts the blocks of a memory map that one scan touches.
struct VisitedBlocks {
    private(set) var byteCount = 0
    /// A place in the last of them.
    private(set) var place: UnsafeRawPointer?
    private var last: UInt?

    /// Notes that a value was read.
    @inline(__always)
    mutating func add(_ value: UnsafeRawBufferPointer) {
        place = value.baseAddress
        let block = UInt(bitPattern: place) / UInt(VisitedPages.blockSize)
        if block != last || value.count > VisitedPages.blockSize {
            byteCount += max(VisitedPages.blockSize, value.count)
        }
        last = block
    }
}

/// A part of the process's memory that is a file's.
struct MemoryMapping {
    /// Where it begins.
    let start: UInt
    /// Where the next one may begin.
    let end: UInt

    /// The shared mapping of a file that holds `address`; nil if that is memory of another kind, which must never be given back.
    init?(holding address: UnsafeRawPointer) {
        let wanted = UInt(bitPattern: address)
        guard let file = fopen("/proc/self/maps", "r") else { return nil }
        defer { fclose(file) }
        var (line, capacity): (UnsafeMutablePointer<CChar>?, Int) = (nil, 0)
        defer { free(line) }
        while case let count = getline(&line, &capacity, file), count > 0, let line {
            let text = String(decoding: UnsafeRawBufferPointer(start: line, count: count), as: UTF8.self)
            let words = text.split(separator: " ", maxSplits: 2)
            let bounds = words.first?.split(separator: "-").compactMap { UInt($0, radix: 16) } ?? []
            guard bounds.count == 2, bounds[0] <= wanted, wanted < bounds[1] else { continue }
            guard words.count > 2, words[1].hasSuffix("s") else { return nil }
            (start, end) = (bounds[0], bounds[1])
            return
        }
        return nil
    }
}
