import CMalloc
import Glibc

/// How the C library's allocator is to treat memory.
enum Memory {
    /// Sets heaps up; to be called before there are threads.
    ///
    /// - Threads share a few heaps. By default there may be eight for each processor, and what is free in one is of no use to
    ///   threads that live in another. Less than one for each processor and the main thread, and they would often wait.
    /// - A heap is made accessible as a whole when it is mapped. By default every page takes a call to the kernel.
    static func setUp() {
        _ = mallopt(M_ARENA_MAX, max(1, Int32(clamping: sysconf(Int32(_SC_NPROCESSORS_ONLN)))) + 1)
        _ = mallopt(M_TOP_PAD, heapSize)
        // To set one of these keeps the others from adapting. What is larger is mapped for itself, and gone when it is freed.
        _ = mallopt(M_MMAP_THRESHOLD, 4 << 20)
        _ = mallopt(M_TRIM_THRESHOLD, heapSize)
    }

    private static let heapSize: Int32 = 64 << 20

    /// Gives back what is free, after something large that will not be needed again.
    static func giveBack() { _ = malloc_trim(0) }
}
