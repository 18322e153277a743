import Basics
import Glibc
import JSON

/// A network interface of this host.
package struct NetworkInterface: Sendable {
    package let name: String
    package let index: Int
    let flags: UInt32
    /// The hardware address as `aa:bb:…`; empty where there is none.
    package private(set) var hardwareAddress = ""
    /// Addresses with the lengths of their prefixes: `192.0.2.7/24`.
    package private(set) var addresses: [String] = []

    package var isUp: Bool { flags & UInt32(IFF_UP) != 0 }
    package var isLoopback: Bool { flags & UInt32(IFF_LOOPBACK) != 0 }

    /// The interfaces as they are now, by index; none if the system does not tell.
    package static func current() -> [NetworkInterface] {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { return [] }
        defer { freeifaddrs(list) }
        var interfaces: [Identifier: NetworkInterface] = [:]
        var next = list
        while let entry = next?.pointee {
            next = entry.ifa_next
            let name = String(cString: entry.ifa_name)
            let made = NetworkInterface(name: name, index: Int(if_nametoindex(name)), flags: entry.ifa_flags)
            interfaces[Identifier(name), default: made].add(entry)
        }
        return interfaces.values.sorted { $0.index < $1.index }
    }

    private mutating func add(_ entry: ifaddrs) {
        guard let address = entry.ifa_addr else { return }
        if Int32(address.pointee.sa_family) == AF_PACKET {
            hardwareAddress = Self.hardwareAddress(address)
        } else if let text = Self.numericHost(address) {
            let length = entry.ifa_netmask.map(Self.prefixLength) ?? 0
            addresses.append("\(text)/\(length)")
        }
    }

    /// The hardware address in a `sockaddr_ll` (packet(7)), which Swift does not see: its length stands at byte 11, the
    /// address itself from byte 12.
    private static func hardwareAddress(_ address: UnsafeMutablePointer<sockaddr>) -> String {
        let raw = UnsafeRawBufferPointer(start: address, count: 20)
        let bytes = raw[12..<12 + min(Int(raw[11]), 8)]
        guard bytes.contains(where: { $0 != 0 }) else { return "" }
        return Hexadecimal.encode(bytes, separator: ":")
    }

    /// The text of an IP address without a zone, or nil for other families.
    private static func numericHost(_ address: UnsafeMutablePointer<sockaddr>) -> String? {
        let size: Int
        switch Int32(address.pointee.sa_family) {
        case AF_INET: size = MemoryLayout<sockaddr_in>.size
        case AF_INET6: size = MemoryLayout<sockaddr_in6>.size
        default: return nil
        }
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        guard getnameinfo(address, socklen_t(size), &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0 else {
            return nil
        }
        let bytes = text.prefix { $0 != 0 && $0 != CChar(UInt8(ascii: "%")) }.map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func prefixLength(_ mask: UnsafeMutablePointer<sockaddr>) -> Int {
        switch Int32(mask.pointee.sa_family) {
        case AF_INET:
            mask.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { $0.pointee.sin_addr.s_addr.nonzeroBitCount }
        case AF_INET6:
            mask.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { mask in
                withUnsafeBytes(of: mask.pointee.sin6_addr) { $0.reduce(0) { $0 + $1.nonzeroBitCount } }
            }
        default: 0
        }
    }
}
