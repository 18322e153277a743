import Glibc
import Synchronization

/// Counts what is read of a memory map, and gives the map's pages back now and then.
///
/// Pages of the map that were read count as this process's memory until the system needs them elsewhere. Without this, one look at
/// everything, in one scan or in many, would add as much as all objects once more. The pages stay in the system's cache, and
/// whoever reads them next finds them there.
final class VisitedPages: Sendable {
    private let byteCount = Atomic<Int>(0)

    /// So much may be read before pages are given back.
    static let threshold = 16 << 20
    /// What a value costs beside its bytes: it is on a page of its own, as far as anybody knows.
    static let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))

    /// Notes that `bytes` bytes were read of the map that holds `address`. It stays where it is during the call, so this must
    /// be inside a transaction.
    func add(_ bytes: Int, at address: UnsafeRawPointer?) {
        guard let address, byteCount.add(bytes, ordering: .relaxed).newValue >= Self.threshold else { return }
        byteCount.store(0, ordering: .relaxed)
        guard let map = MemoryMapping(holding: address) else { return }
        // It is advice: where the system does not follow it, nothing is wrong.
        _ = madvise(UnsafeMutableRawPointer(bitPattern: map.start), Int(map.end - map.start), MADV_DONTNEED)
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
