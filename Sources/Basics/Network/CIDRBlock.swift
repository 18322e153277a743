/// An address with the length of its network's prefix: `10.1.2.3/8`.
public struct CIDRBlock: Hashable, Sendable, CustomStringConvertible {
    /// The address as given, which may lie inside the block.
    public let address: IPAddress
    /// The bits that all addresses of the block share: 0 to 32 for IPv4, 0 to 128 for IPv6.
    public let prefixLength: Int

    /// A block around `address`; nil when `prefixLength` does not fit the kind of address.
    public init?(address: IPAddress, prefixLength: Int) {
        guard (0...(address.isV4 ? 32 : 128)).contains(prefixLength) else { return nil }
        self.address = address
        self.prefixLength = prefixLength
    }

    /// Parses an address, a slash and a decimal length without leading zeros; nil for anything else.
    ///
    /// A block within the IPv4 range of IPv6 (`::ffff:10.0.0.0/104`) becomes the IPv4 block.
    public init?(_ text: String) {
        let parts = text.parts(between: "/")
        // A byte holds every length there is, and leaves room to take the 96 bits of the mapped form off.
        guard parts.count == 2, let address = IPAddress(String(parts[0])), let length = UInt8(parts[1]),
            String(length).hasSameUTF8(as: parts[1])
        else { return nil }
        let isMapped = address.isV4 && parts[0].utf8.contains(UInt8(ascii: ":"))
        self.init(address: address, prefixLength: isMapped ? Int(length) - 96 : Int(length))
    }

    /// The first address of the block.
    public var network: IPAddress { IPAddress(number: address.number & ~hostMask) }

    /// The last address of the block: with IPv4, its broadcast address.
    public var last: IPAddress { IPAddress(number: address.number | hostMask) }

    /// Whether the address is of this kind and in this block.
    public func contains(_ other: IPAddress) -> Bool {
        address.isV4 == other.isV4 && address.number & ~hostMask == other.number & ~hostMask
    }

    /// Whether the blocks have an address in common: then one contains the other.
    public func overlaps(_ other: CIDRBlock) -> Bool {
        contains(other.network) || other.contains(network)
    }

    /// The address and the length: `10.1.2.3/8`.
    public var description: String { "\(address)/\(prefixLength)" }

    private var hostMask: UInt128 {
        // A shift by all 128 bits gives zero.
        UInt128.max >> (prefixLength + (address.isV4 ? 96 : 0))
    }
}
