import Glibc
import NIOCore

/// Whom a connection counts for: an IPv4 address, or the 64 bits of an IPv6 address that its owner was given. What
/// follows these they may choose.
enum ClientAddress: Sendable, Hashable {
    case version4(UInt32)
    case version6(UInt64)

    /// The address that a socket's other end has; nil if that is no IP address.
    init?(_ address: SocketAddress?) {
        guard let text = address?.ipAddress else { return nil }
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 {
            self = .version4(bytes[..<4].reduce(0) { $0 << 8 | UInt32($1) })
        } else if inet_pton(AF_INET6, String(text.prefix { $0 != "%" }), &bytes) == 1 {
            self = Self.of(bytes)
        } else {
            return nil
        }
    }

    /// Whether it is of this host.
    var isLoopback: Bool {
        switch self {
        case .version4(let address): address >> 24 == 127
        case .version6: false
        }
    }

    /// An IPv4 address in the form that sockets for both versions show counts as itself, and `::1` as a loopback address.
    private static func of(_ bytes: [UInt8]) -> ClientAddress {
        func number(_ part: ArraySlice<UInt8>) -> UInt64 { part.reduce(0) { $0 << 8 | UInt64($1) } }
        let (high, low) = (number(bytes[..<8]), number(bytes[8...]))
        if high == 0, low >> 32 == 0xffff { return .version4(UInt32(truncatingIfNeeded: low)) }
        if high == 0, low == 1 { return .version4(127 << 24 | 1) }
        return .version6(high)
    }
}
