import Basics
import Glibc
import SystemPackage

/// Where the sockets of plug-ins are: in a folder of this server's own, with a path that sockets can have.
enum PluginSockets {
    /// The longest path of a socket is 107 bytes, and the names of our sockets take some of them.
    private static let longest = 80

    /// The folder's path.
    ///
    /// - Parameters:
    ///   - wanted: the folder that others may use too; nil for the base root.
    ///   - base: the base root, which is one server's alone.
    static func folder(_ wanted: FilePath?, base: FilePath) -> String {
        // The same at each start, so that nothing is left behind by a server that was killed.
        let mark = String(Array(base.string.utf8).withUnsafeBytes { CRC32C.checksum($0) }, radix: 16)
        let path = wanted.map { $0.appending("muster-\(mark)") } ?? base.appending("plugin-sockets")
        if path.string.utf8.count <= longest { return path.string }
        return "/tmp/muster-\(geteuid())-\(mark)"
    }
}
