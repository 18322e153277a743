import Basics
import Provisioning
import Tracker

/// A client's message, and what follows from where it came in.
struct DHCPQuery: Sendable {
    /// What the client sent.
    let message: DHCPMessage
    /// Where it came in.
    let arrival: DHCPArrival

    /// What the client is known by.
    var token: String { message.token }
    /// The address that the client asks for; nil if it asks for none.
    var requested: IPAddress? { message.options[.requestedAddress].flatMap { IPAddress(bytes: $0) } }
    /// The server that the client has chosen; nil if it has chosen none.
    var chosenServer: IPAddress? { message.options[.serverIdentifier].flatMap { IPAddress(bytes: $0) } }

    /// The network that the client is in: that of the relay, or of the address it has already, or of the interface (RFC 2131
    /// §4.3.1, RFC 3527).
    func subnet(_ subnets: ServedSubnets, in view: Snapshot) -> ServedSubnet? {
        if let link = linkSelection ?? (message.relayAddress.isNone ? nil : message.relayAddress) {
            return subnets.covering(link, in: view)
        }
        if !message.clientAddress.isNone, let own = subnets.covering(message.clientAddress, in: view) { return own }
        for address in arrival.addresses {
            if let found = subnets.covering(address, in: view) { return found }
        }
        return nil
    }

    /// The link that a relay selects (RFC 3527).
    private var linkSelection: IPAddress? {
        guard !message.relayAddress.isNone, let value = message.options[.relayInformation] else { return nil }
        var rest = value[...]
        while rest.count >= 2 {
            let (code, length) = (rest[rest.startIndex], Int(rest[rest.startIndex + 1]))
            rest = rest.dropFirst(2)
            if code == 5, length == 4, rest.count >= 4 { return IPAddress(bytes: rest.prefix(4)) }
            rest = rest.dropFirst(length)
        }
        return nil
    }
}

/// Where a message came in.
struct DHCPArrival: Sendable {
    /// The index of the interface.
    let interface: Int
    /// The interface's name.
    let interfaceName: String
    /// The IPv4 addresses of the interface.
    let addresses: [IPAddress]
    /// Where the message came from.
    let source: IPAddress
    /// The port that it came from.
    let sourcePort: UInt16
    /// The port that it came to.
    let port: UInt16

    /// The address of ours that is nearest to clients of a network: one in it, or else the interface's first.
    func address(near block: CIDRBlock) -> IPAddress? {
        addresses.first { block.contains($0) } ?? addresses.first
    }
}
