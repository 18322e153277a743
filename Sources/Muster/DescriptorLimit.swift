import Glibc

/// The process's limit of open descriptors, and how ports share it.
enum DescriptorLimit {
    /// What the store, files, certificates and event loops need beside connections.
    private static let reserve = 64

    /// How many descriptors the process may have open (`ulimit -n`).
    static var current: Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
        return Int(clamping: min(limit.rlim_cur, 1 << 30))
    }

    /// The most connections of the static files' port, and of the inventory's: an eighth, so that neither can take the API's.
    static func files(of limit: Int) -> Int { max(4, usable(limit) / 8) }

    /// The most connections of the metrics' port.
    static func metrics(of limit: Int) -> Int { max(2, min(32, usable(limit) / 16)) }

    /// The most connections of the API: all others, but for the files that are being downloaded.
    static func api(of limit: Int) -> Int { max(4, usable(limit) - 3 * files(of: limit) - metrics(of: limit)) }

    private static func usable(_ limit: Int) -> Int { limit - reserve }
}
