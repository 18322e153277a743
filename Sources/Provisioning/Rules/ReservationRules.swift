import JSON
import Tracker

/// What reservations must be: for a host's address, and one for each client and subnet (C §5.2).
struct ReservationRules: ObjectRules {
    func complete(_ object: inout JSONObject, _ change: ChangeContext) throws(TrackerError) {
        guard object.flag("Scoped"), let address = IPAddress(object.text("Addr")) else {
            object["Subnet"] = ""
            return
        }
        object["Subnet"] = .string(Subnets.covering(address, in: change.view)?.name ?? "")
    }

    func check(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        let text = object.text("Addr")
        findings.checkAddress(text)
        findings.checkOptionalAddress(object.text("NextServer"))
        if object.text("Token").isEmpty { findings.wrong("Reservation Token cannot be empty!") }
        if object.text("Strategy").isEmpty { findings.wrong("Reservation Strategy cannot be empty!") }
        guard findings.invalid.isEmpty, let address = IPAddress(text) else { return }
        checkSubnet(address, isScoped: object.flag("Scoped"), change, &findings)
        checkRivals(object, change, &findings)
    }

    private func checkSubnet(
        _ address: IPAddress, isScoped: Bool, _ change: ChangeContext, _ findings: inout Findings
    ) {
        guard let (name, block) = Subnets.covering(address, in: change.view) else {
            if isScoped { findings.wrong("Address \(address) is not in a defined Subnet, and Scoped is true.") }
            return
        }
        // Point-to-point networks have hosts only (RFC 3021).
        if block.prefixLength < 31, address == block.network || address == block.last {
            findings.wrong("Address \(address) is a network or broadcast address for subnet \(name)")
        }
    }

    /// A client may have one reservation in each subnet, and one that holds everywhere.
    private func checkRivals(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        let (token, strategy) = (object.text("Token"), object.text("Strategy"))
        let (isScoped, subnet) = (object.flag("Scoped"), object.text("Subnet"))
        for key in change.view.keys("reservations", where: .field("Token"), is: token)
        where key != ByteString(change.key) {
            guard let other = change.object("reservations", key.string),
                other.text("Strategy").hasSameUTF8(as: strategy),
                other.flag("Scoped") == isScoped, other.text("Subnet").hasSameUTF8(as: subnet)
            else { continue }
            let whose = isScoped ? "Reservation \(key) in subnet \(subnet)" : "Unscoped reservation \(key)"
            findings.wrong("\(whose) already has Strategy \(strategy): Token \(token)")
        }
    }
}
