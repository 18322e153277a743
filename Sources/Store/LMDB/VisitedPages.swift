import Glibc

/// The part of the memory map that a scan has touched.
///
/// Pages of the map that were read count as this process's memory until the system needs them elsewhere. After a scan of
/// everything, at start for one, that would be as much as all objects once more.
struct VisitedPages {
    private var low = UInt.max
    private var high: UInt = 0
    private var byteCount = 0

    /// Scans that visit fewer bytes leave the map alone.
    private static let threshold = 16 << 20
    private static let pageSize = UInt(sysconf(Int32(_SC_PAGESIZE)))

    /// Notes that `value`, a part of the map, was read.
    mutating func add(_ value: UnsafeRawBufferPointer) {
        guard let start = value.baseAddress else { return }
        low = min(low, UInt(bitPattern: start))
        high = max(high, UInt(bitPattern: start) + UInt(value.count))
        byteCount += value.count
    }

    /// Gives the pages back, after a large scan. They stay in the system's cache, and whoever reads them next finds them there.
    func release() {
        guard byteCount >= Self.threshold else { return }
        let start = low & ~(Self.pageSize - 1)
        let end = (high + Self.pageSize - 1) & ~(Self.pageSize - 1)
        // It is advice: where the system does not follow it, nothing is wrong.
        _ = madvise(UnsafeMutableRawPointer(bitPattern: start), Int(end - start), MADV_DONTNEED)
    }
}
