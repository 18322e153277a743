import Glibc

/// Finds out whether a device has room.
enum DiskSpace {
    /// How much must be there for the device not to count as full.
    private static let probe = 64 << 10

    /// Why a file of `size` bytes in `directory` cannot be written for want of room, be it the device's, a quota's or a limit
    /// on files; nil if that is not it.
    static func shortage(_ directory: String, size: Int) -> Int32? {
        var limits = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits)
        if limits.rlim_cur < rlim_t(size) { return EFBIG }
        let path = directory + "/space"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return full(errno) }
        defer {
            close(descriptor)
            unlink(path)
        }
        let zeros = [UInt8](repeating: 0, count: probe)
        let written = write(descriptor, zeros, probe)
        return written < 0 ? full(errno) : written < probe ? ENOSPC : nil
    }

    private static func full(_ number: Int32) -> Int32? {
        number == ENOSPC || number == EDQUOT ? number : nil
    }
}
