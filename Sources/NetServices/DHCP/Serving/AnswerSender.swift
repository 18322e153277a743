import Basics
import Logging
import Tracker

/// Sends answers to where clients can hear them (RFC 2131 §4.1).
struct AnswerSender: Sendable {
    let socket: DatagramSocket
    let logger: Logger

    private static let clientPort: UInt16 = 68
    private static let serverPort: UInt16 = 67

    /// Where an answer goes.
    struct Target: Hashable {
        let address: IPAddress
        let port: UInt16
        /// Whether the client has no address yet, so that the system must be told where it is.
        var isSilent = false
    }

    /// Where an answer to a message goes.
    static func target(of answer: DHCPMessage, to query: DHCPQuery) -> Target {
        let message = query.message
        if !message.relayAddress.isNone { return Target(address: message.relayAddress, port: serverPort) }
        // Who asks on another port than that of clients waits there.
        if query.arrival.port != serverPort, !query.arrival.source.isNone {
            return Target(address: query.arrival.source, port: query.arrival.sourcePort)
        }
        if answer.kind == .nak { return Target(address: .broadcast, port: clientPort) }
        if !message.clientAddress.isNone { return Target(address: message.clientAddress, port: clientPort) }
        if message.wantsBroadcast || answer.yourAddress.isNone { return Target(address: .broadcast, port: clientPort) }
        return Target(address: answer.yourAddress, port: clientPort, isSilent: true)
    }

    /// Sends an answer.
    func send(_ answer: DHCPMessage, to query: DHCPQuery) {
        var answer = answer
        // A relay must broadcast a refusal, since its client has no address (RFC 2131 §4.3.2).
        if answer.kind == .nak, !query.message.relayAddress.isNone { answer.wantsBroadcast = true }
        var target = Self.target(of: answer, to: query)
        let arrival = query.arrival
        if target.isSilent {
            let isKnown = socket.setNeighbour(
                target.address, hardware: query.message.hardwareAddress, type: query.message.hardwareType,
                interface: arrival.interfaceName)
            // Without that right everybody hears it, the client among them.
            if !isKnown { target = Target(address: .broadcast, port: target.port) }
        }
        let isOnLink = target.isSilent || target.address == .broadcast
        let server = answer.options[.serverIdentifier].flatMap { IPAddress(bytes: $0) }
        let error = socket.send(
            answer.bytes(atMost: query.message.longestAnswer), to: target.address, port: target.port, from: server,
            interface: isOnLink ? arrival.interface : 0)
        if let error {
            logger.warning(
                "an answer to a DHCP client cannot be sent",
                metadata: ["client": "\(query.token)", "to": "\(target.address)", "errno": "\(error)"])
        }
    }
}
