import Basics
import Logging
import Provisioning
import Tracker

/// Makes answers to clients: options as subnets and reservations have them, and what to boot (RFC 2131 §4.3, C §17.2).
struct AnswerComposer: Sendable {
    let boot: BootChoice
    let cache = TemplateCache(most: 1 << 20)
    let logger: Logger

    /// What an answer is about.
    struct Subject {
        let query: DHCPQuery
        let subnet: ServedSubnet
        var reservation: ReservationRecord?
        /// The address that the client has or gets; nil if it only wants to know other things.
        var address: IPAddress?
        /// How long, in seconds.
        var leaseTime: UInt32?
        /// Whether the client is told nothing of booting.
        var skipsBoot = false
    }

    /// An answer of a kind; nil if this host has no address at which the client could reach it.
    func answer(_ kind: DHCPMessage.Kind, _ subject: Subject, in view: Snapshot) -> DHCPMessage? {
        let (query, subnet) = (subject.query, subject.subnet)
        guard let server = query.arrival.address(near: subnet.block) else { return nil }
        var answer = Self.reply(to: query.message)
        answer.kind = kind
        answer.options[.serverIdentifier] = server.bytes
        answer.clientAddress = kind == .ack ? query.message.clientAddress : .none
        if let address = subject.address, kind == .offer || kind == .ack { answer.yourAddress = address }
        if let time = subject.leaseTime {
            answer.options[.leaseTime] = time.bigEndianBytes
            answer.options[.renewalTime] = (time / 2).bigEndianBytes
            answer.options[.rebindingTime] = (time - time / 8).bigEndianBytes
        }
        addBoot(to: &answer, subject, server, view)
        addOptions(to: &answer, subject)
        for code in [DHCPOptions.Code.clientIdentifier, .machineIdentifier, .relayInformation] {
            answer.options[code] = query.message.options[code]
        }
        return answer
    }

    /// The refusal of an address.
    func refusal(_ query: DHCPQuery, _ server: IPAddress, _ reason: String) -> DHCPMessage {
        var answer = Self.reply(to: query.message)
        answer.kind = .nak
        answer.options[.serverIdentifier] = server.bytes
        answer.options[.message] = Array(reason.utf8)
        for code in [DHCPOptions.Code.clientIdentifier, .relayInformation] {
            answer.options[code] = query.message.options[code]
        }
        return answer
    }

    /// An answer with what it takes over from a message.
    static func reply(to message: DHCPMessage) -> DHCPMessage {
        var answer = DHCPMessage(isReply: true)
        answer.hardwareType = message.hardwareType
        answer.transaction = message.transaction
        answer.wantsBroadcast = message.wantsBroadcast
        answer.relayAddress = message.relayAddress
        answer.hardwareAddress = message.hardwareAddress
        return answer
    }

    private func addBoot(to answer: inout DHCPMessage, _ subject: Subject, _ server: IPAddress, _ view: Snapshot) {
        answer.nextServer = subject.reservation?.nextServer ?? subject.subnet.nextServer ?? boot.fixedAddress ?? server
        let message = subject.query.message
        guard let firmware = BootChoice.Firmware(message), !subject.subnet.isUnmanaged, !subject.skipsBoot else {
            return
        }
        if firmware.isIPXE {
            // There is no other server to wait for: option 176 of what iPXE encapsulates, `no-pxedhcp`.
            answer.options[.ipxe] = [176, 1, 1]
        }
        let machine = BootChoice.machine(message.token, subject.address, in: view)
        guard let file = boot.file(for: firmware, machine, at: answer.nextServer, in: view) else { return }
        setBootFile(file, of: &answer)
        answer.options[.serverName] = Array(answer.nextServer.description.utf8)
        if firmware.isHTTP { answer.options[.vendorClass] = Array("HTTPClient".utf8) }
    }

    private func setBootFile(_ file: String, of answer: inout DHCPMessage) {
        answer.options[.bootFile] = Array(file.utf8)
        if file.utf8.count < 128 { answer.bootFile = Array(file.utf8) }
    }

    /// Adds what subnet and reservation say, the reservation's last; of those that the client does not ask for, nothing.
    private func addOptions(to answer: inout DHCPMessage, _ subject: Subject) {
        let request = subject.query.message.options
        var values: [UInt8: [UInt8]] = [:]
        var order: [UInt8] = []
        for option in subject.subnet.options + (subject.reservation?.options ?? []) {
            guard let value = value(of: option, for: request) else { continue }
            if values.updateValue(value, forKey: option.code) == nil { order.append(option.code) }
        }
        let wanted = request[.parameterList] ?? order
        for number in wanted {
            guard let value = values[number] else { continue }
            let code = DHCPOptions.Code(rawValue: number)
            switch code {
            case .messageType, .serverIdentifier, .leaseTime, .requestedAddress, .parameterList, .relayInformation:
                continue
            case .bootFile: setBootFile(String(decoding: value, as: UTF8.self), of: &answer)
            default: answer.options[code] = value
            }
        }
        // A file that the subnet names goes to who asks for it, in whichever way.
        if let file = values[DHCPOptions.Code.bootFile.rawValue], BootChoice.Firmware(subject.query.message) != nil {
            setBootFile(String(decoding: file, as: UTF8.self), of: &answer)
        }
    }

    private func value(of option: OptionTemplate, for request: DHCPOptions) -> [UInt8]? {
        let text: String
        do throws(RenderError) { text = try option.text(for: request, cache) } catch {
            logger.warning(
                "a DHCP option cannot be rendered", metadata: ["code": "\(option.code)", "cause": "\(error)"])
            return nil
        }
        if text.isEmpty { return nil }
        guard let value = OptionText.encode(text, as: option.code) else {
            logger.warning(
                "the value of a DHCP option is none of its kind",
                metadata: ["code": "\(option.code)", "value": "\(text.prefix(100))"])
            return nil
        }
        return value
    }
}

extension UInt32 {
    /// The four bytes in network order.
    fileprivate var bigEndianBytes: [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: self >> $0) } }
}
