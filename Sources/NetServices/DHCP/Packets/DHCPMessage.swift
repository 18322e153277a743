import Basics
import Tracker

/// A message of DHCP for IPv4 (RFC 2131 §2).
struct DHCPMessage: Sendable, Hashable {
    /// What a message is for: option 53 (RFC 2132 §9.6).
    enum Kind: UInt8, Sendable {
        case discover = 1
        case offer, request, decline, ack, nak, release, inform
    }

    /// Whether a server sent it.
    var isReply: Bool
    /// The type of hardware address; 1 for Ethernet.
    var hardwareType: UInt8 = 1
    /// How many relays it has passed.
    var hops: UInt8 = 0
    /// What ties an answer to its question.
    var transaction: UInt32 = 0
    /// Seconds since the client began.
    var seconds: UInt16 = 0
    /// The client can only hear broadcasts yet.
    var wantsBroadcast = false
    /// The client's address, which it uses already (`ciaddr`).
    var clientAddress = IPAddress.none
    /// The address that the client gets (`yiaddr`).
    var yourAddress = IPAddress.none
    /// The server to boot from (`siaddr`).
    var nextServer = IPAddress.none
    /// The relay's address (`giaddr`).
    var relayAddress = IPAddress.none
    /// The client's hardware address.
    var hardwareAddress: [UInt8] = []
    /// The name of the server to boot from; up to 64 bytes.
    var serverName: [UInt8] = []
    /// The file to boot; up to 128 bytes.
    var bootFile: [UInt8] = []
    /// The options.
    var options = DHCPOptions()

    /// What it is for; nil for BOOTP, which has no such option.
    var kind: Kind? {
        get { options[.messageType]?.first.flatMap { Kind(rawValue: $0) } }
        set { options[.messageType] = newValue.map { [$0.rawValue] } }
    }

    /// The hardware address as leases and reservations have it: lower-case pairs between colons.
    var token: String { MACAddress(bytes: hardwareAddress)?.description ?? "" }
}

extension IPAddress {
    /// 0.0.0.0: no address.
    static let none = IPAddress(bytes: [0, 0, 0, 0])!
    /// 255.255.255.255: everybody on the link.
    static let broadcast = IPAddress(bytes: [255, 255, 255, 255])!

    /// Whether it is 0.0.0.0.
    var isNone: Bool { self == .none }
}
