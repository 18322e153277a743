import Glibc

/// Larger pages for what stays in memory: a page of 2 MiB is mapped in one step instead of 512, and finding the memory of an
/// object then rarely takes the processor to the page tables.
enum LargePages {
    /// Allocators take memory from the system in blocks of about this size and alignment: mimalloc's segments are as long.
    private static let blockSize = 32 << 20

    /// Has the block around `address` consist of large pages where they are to be had.
    static func advise(around address: UnsafeRawPointer) {
        let start = UInt(bitPattern: address) & ~UInt(blockSize - 1)
        // Parts of the block that are not mapped are passed over, and a kernel without large pages refuses: both are fine.
        _ = madvise(UnsafeMutableRawPointer(bitPattern: start), blockSize, MADV_HUGEPAGE)
    }
}
