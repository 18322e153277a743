import CMalloc
import Glibc

/// How the C library's allocator is to treat memory.
enum Memory {
    /// Lets threads share a few heaps. By default there may be eight for each processor, and what is free in one is of no use to
    /// threads that live in another. To be called before there are threads.
    static func shareHeaps() {
        _ = mallopt(M_ARENA_MAX, max(2, Int32(clamping: sysconf(Int32(_SC_NPROCESSORS_ONLN)))))
    }

    /// Gives back what is free, after something large that will not be needed again.
    static func giveBack() { _ = malloc_trim(0) }
}
