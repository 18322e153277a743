package import Basics
import Glibc
import Tracker

/// What this host knows of the networks around it: the ways out of them, and who resolves names.
package struct HostNetwork: Sendable {
    /// The address of the next router, by the name of the interface; interfaces that lead nowhere further have none.
    package let gateways: [Identifier: String]
    /// The addresses of those who resolve names, in the order in which they are asked.
    package let nameServers: [String]
    /// What is appended to names that are not full; empty for nothing.
    package let domain: String

    /// What the system says now; nothing where it does not tell. Reads files, which may block.
    package static func current() -> HostNetwork {
        HostNetwork(routes: text(of: "/proc/net/route"), resolver: text(of: "/etc/resolv.conf"))
    }

    /// What the kernel's table of IPv4 routes (proc(5)) and the resolver's configuration (resolv.conf(5)) say.
    init(routes: String, resolver: String) {
        var gateways: [Identifier: String] = [:]
        for line in routes.parts(between: "\n").dropFirst() {
            let fields = Self.words(line)
            // The default route: to anywhere, by a router (flag 2).
            guard fields.count > 3, fields[1] == "00000000", let flags = UInt16(fields[3], radix: 16), flags & 2 != 0,
                let number = UInt32(fields[2], radix: 16)
            else { continue }
            // The number is in the order of the host's own bytes.
            let bytes = withUnsafeBytes(of: number) { Array($0) }
            let name = Identifier(String(fields[0]))
            if gateways[name] == nil { gateways[name] = IPAddress(bytes: bytes)?.description }
        }
        self.gateways = gateways
        var (servers, domain) = ([String](), "")
        for line in resolver.parts(between: "\n") {
            let fields = Self.words(line)
            guard fields.count > 1 else { continue }
            switch fields[0] {
            case "nameserver": servers.append(String(fields[1]))
            // Of both, the last line counts.
            case "search", "domain": domain = String(fields[1])
            default: break
            }
        }
        (nameServers, self.domain) = (servers, domain)
    }

    private static func words(_ line: Substring) -> [Substring] {
        line.split { $0 == " " || $0 == "\t" }
    }

    /// The longest file that is read, in bytes.
    private static let longest = 64 << 10

    /// The beginning of a file, whose size may not be known before; empty if it cannot be read.
    private static func text(of path: String) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: longest)
        var filled = 0
        while filled < longest {
            let count = bytes[filled...].withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            filled += count
        }
        return String(decoding: bytes.prefix(filled), as: UTF8.self)
    }
}
