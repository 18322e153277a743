import Provisioning
import Tracker

/// What clients are told that another server gives addresses: only what to boot (PXE 2.1 §2.2).
extension DHCPResponder {
    /// The port on which clients ask again what to boot.
    static let proxyPort: UInt16 = 4011

    /// Answers in a subnet where another server gives addresses.
    func takeAsProxy(_ query: DHCPQuery, _ subnet: ServedSubnet, _ kind: DHCPMessage.Kind, _ view: Snapshot) {
        guard let firmware = BootChoice.Firmware(query.message) else { return }
        switch kind {
        case .discover: sendBoot(.offer, query, subnet, firmware, view)
        // On the usual port a client asks the other server for its address.
        case .request where query.arrival.port != 67, .inform: sendBoot(.ack, query, subnet, firmware, view)
        default: break
        }
    }

    private func sendBoot(
        _ kind: DHCPMessage.Kind, _ query: DHCPQuery, _ subnet: ServedSubnet, _ firmware: BootChoice.Firmware,
        _ view: Snapshot
    ) {
        let client = query.message.clientAddress
        let subject = AnswerComposer.Subject(query: query, subnet: subnet, address: client.isNone ? nil : client)
        guard var answer = composer.answer(kind, subject, in: view), answer.options[.bootFile] != nil else { return }
        (answer.yourAddress, answer.clientAddress) = (.none, client)
        answer.options[.vendorClass] = Array((firmware.isHTTP ? "HTTPClient" : "PXEClient").utf8)
        // There is nothing to discover: the file is in the answer (PXE 2.1 §2.4, PXE_DISCOVERY_CONTROL).
        if !firmware.isHTTP { answer.options[.vendorInformation] = [6, 1, 8, 255] }
        send(answer, query)
    }
}
