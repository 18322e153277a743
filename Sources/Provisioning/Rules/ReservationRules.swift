import Basics
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
        if object.text("Token").isEmpty { findings.addError("Reservation Token cannot be empty!") }
        if object.text("Strategy").isEmpty { findings.addError("Reservation Strategy cannot be empty!") }
        findings.checkSeconds("Duration", object.int("Duration"))
        guard findings.invalid.isEmpty, let address = IPAddress(text) else { return }
        checkSubnet(address, isScoped: object.flag("Scoped"), change, &findings)
        checkRivals(object, change, &findings)
    }

    private func checkSubnet(
        _ address: IPAddress, isScoped: Bool, _ change: ChangeContext, _ findings: inout Findings
    ) {
        guard let (name, block) = Subnets.covering(address, in: change.view) else {
            if isScoped { findings.addError("Address \(address) is not in a defined Subnet, and Scoped is true.") }
            return
        }
        // Point-to-point networks have hosts only (RFC 3021).
        if block.prefixLength < 31, address == block.network || address == block.last {
            findings.addError("Address \(address) is a network or broadcast address for subnet \(name)")
        }
    }

    /// A client may have one reservation in each subnet, or one that holds everywhere (C §17.2).
    private func checkRivals(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        let (token, strategy) = (object.text("Token"), object.text("Strategy"))
        let subnet = object.flag("Scoped") ? object.text("Subnet") : nil
        let candidates = change.view.keys("reservations", where: .field("Token"), is: MACAddress.canonical(token))
        for key in candidates where key != ByteString(change.key) {
            guard let other = change.object("reservations", key.string),
                other.text("Strategy").hasSameUTF8(as: strategy), Self.isToken(other.text("Token"), token, strategy)
            else { continue }
            let otherSubnet = other.flag("Scoped") ? other.text("Subnet") : nil
            if let subnet, let otherSubnet, !subnet.hasSameUTF8(as: otherSubnet) { continue }
            let whose = otherSubnet.map { "Reservation \(key) in subnet \($0)" } ?? "Unscoped reservation \(key)"
            findings.addError("\(whose) already has Strategy \(strategy): Token \(token)")
        }
    }

    /// Whether two tokens are the same client's; the index takes all that look like hardware addresses for such.
    private static func isToken(_ one: String, _ other: String, _ strategy: String) -> Bool {
        one.hasSameUTF8(as: other)
            || strategy.hasSameUTF8(as: "MAC")
                && MACAddress.canonical(one).hasSameUTF8(as: MACAddress.canonical(other))
    }
}
