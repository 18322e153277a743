package import Basics
import Provisioning
package import Tracker

/// Finds an address of a subnet for somebody who asks by request and not by DHCP (C §21): by the same pickers.
package struct SubnetAllocation {
    /// The network's addresses.
    package let block: CIDRBlock
    /// How clients are told apart.
    package let strategy: String
    private let subnet: ServedSubnet

    /// The subnet that an object describes; nil if it is none for IPv4.
    package init?(_ object: StoredObject) {
        guard let subnet = ServedSubnet(object) else { return nil }
        self.subnet = subnet
        (block, strategy) = (subnet.block, subnet.strategy)
    }

    /// An address that nobody has: of those that are given to anybody or, in a subnet that gives none to anybody, of all of
    /// its hosts.
    ///
    /// - Parameters:
    ///   - token: for whom.
    ///   - now: when leases must be over.
    /// - Returns: nil if there is none.
    package func address(for token: String, in view: Snapshot, at now: Timestamp) -> IPAddress? {
        var subnet = subnet
        if subnet.onlyReservations || subnet.range == nil {
            guard let hosts = Self.hosts(of: block) else { return nil }
            subnet.range = hosts
            subnet.pickers = [.nextFree]
        }
        return AddressPicker().take(in: subnet, for: token, hint: nil, view, at: now)
    }

    /// The addresses between that of the network and the one for all of its hosts; of point-to-point networks, both (RFC 3021).
    private static func hosts(of block: CIDRBlock) -> ClosedRange<UInt32>? {
        guard let first = block.network.v4Number, let last = block.last.v4Number else { return nil }
        return block.prefixLength < 31 ? first + 1...last - 1 : first...last
    }
}
