public import Basics
import Glibc

extension StoreError {
    /// The error for a system call that failed with `number` (an `errno` value) while `doing` something to `path`.
    static func system(_ number: Int32, doing: String, path: String) -> StoreError {
        let (code, remedy): (Code, String) =
            switch number {
            case ENOSPC, EDQUOT: (.diskFull, "no space is left; free some on that device, then try again")
            case EFBIG: (.diskFull, "the file may not grow that far; raise the limit on file sizes, then try again")
            case EROFS: (.readOnly, "the file system is read-only; mount it for writing or open the store with ro=true")
            case ENOENT: (.notFound, "it does not exist; check the path")
            case EACCES, EPERM: (.unavailable, "permission is denied; check the owner and mode of the path")
            case ENOTDIR: (.unavailable, "part of the path is not a directory; choose another path")
            case EIO: (.unavailable, "the device failed; check it and the kernel log, then try again")
            case ENOMEM: (.unavailable, "memory or address space is short; free some, then try again")
            default: (.unavailable, "the system refused")
            }
        return StoreError(
            code, "\(doing) \(path) failed: \(remedy)",
            cause: Cause(number: number, text: String(cString: strerror(number))))
    }

    /// The error for a thread that does not start.
    public init(_ error: SystemThreadError) { self = .system(error.number, doing: "starting", path: "a thread") }

    /// The error for writing to a store that was opened with `ro=true`.
    static func openedReadOnly(_ locator: StoreLocator) -> StoreError {
        StoreError(
            .readOnly, "the store \(locator) was opened for reading only: remove ro=true from its locator to write")
    }
}
