import Basics
import JSON
import Tracker

/// What subnets must be (C §5.2).
struct SubnetRules: ObjectRules {
    func complete(_ object: inout JSONObject, _ change: ChangeContext) throws(TrackerError) {
        guard change.action == .create, let block = CIDRBlock(object.text("Subnet")), block.address.isV4 else { return }
        let options = object.objects("Options")
        let added: [JSONObject] = [
            ["Code": 1, "Value": .string(block.mask.description)],
            ["Code": 28, "Value": .string(block.last.description)],
        ].filter { new in !options.contains { $0["Code"] == new["Code"] } }
        object["Options"] = .array((added + options).map { .object($0) })
    }

    func check(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        findings.checkName(.name, "Name", object.text("Name"))
        let text = object.text("Subnet")
        guard let block = CIDRBlock(text) else {
            return findings.addError("Invalid subnet \(text): invalid CIDR address: \(text)")
        }
        findings.checkAddress(block.network.description)
        if object.text("Strategy").isEmpty { findings.addError("Strategy must have a value") }
        findings.checkOptionalAddress(object.text("NextServer"))
        if object.flag("Proxy"), object.flag("Unmanaged") {
            findings.addError("Unmanaged and Proxy cannot both be true")
        }
        if !object.flag("OnlyReservations"), !object.flag("Proxy") { checkRange(object, block, &findings) }
        let time = object.int("ReservedLeaseTime")
        if time < 7200 {
            findings.addError("ReservedLeaseTime must be greater than or equal to 7200 seconds, not \(time)")
        }
        findings.checkSeconds("ReservedLeaseTime", time)
        findings.checkSeconds("ActiveLeaseTime", object.int("ActiveLeaseTime"))
        checkChange(object, change, &findings)
        checkNeighbours(block, change, &findings)
    }

    func checkRemoval(of object: JSONObject, _ change: ChangeContext) throws(TrackerError) {
        guard change.leavesNothing else { return }
        let reservations = change.view.keys("reservations", where: .field("Subnet"), is: change.key)
            .filter { change.object("reservations", $0.string)?.flag("Scoped") ?? false }
        guard reservations.isEmpty else {
            throw change.inUse(
                reservations.map { key in
                    let address = change.object("reservations", key.string)?.text("Addr") ?? ""
                    let who = change.mayTell("reservations", key) ? "Reservation \(address)" : "A Reservation"
                    return "\(who) is scoped for Subnet \(change.key), cannot delete."
                })
        }
    }
}

extension SubnetRules {
    /// The addresses that are handed out without a reservation.
    private func checkRange(_ object: JSONObject, _ block: CIDRBlock, _ findings: inout Findings) {
        let network = "\(block.network)/\(block.prefixLength)"
        let (start, end) = (IPAddress(object.text("ActiveStart")), IPAddress(object.text("ActiveEnd")))
        findings.checkAddress(object.text("ActiveStart"))
        findings.checkAddress(object.text("ActiveEnd"))
        for (name, address) in [("ActiveStart", start), ("ActiveEnd", end)] {
            let text = address?.description ?? "<nil>"
            if address.map(block.contains) != true {
                findings.addError("\(name) \(text) not in subnet range \(network)")
            }
        }
        if let start, let end, end < start {
            findings.addError("ActiveStart \(start) must be less than or equal to ActiveEnd \(end)")
        }
        let time = object.int("ActiveLeaseTime")
        if time < 60 {
            findings.addError("ActiveLeaseTime must be greater than or equal to 60 seconds, not \(time)")
        }
    }

    private func checkChange(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        guard let previous = change.previous else { return }
        if previous["Strategy"] != object["Strategy"] { findings.addError("Strategy cannot change") }
        if previous["Subnet"] != object["Subnet"] { findings.addError("Subnet range cannot change") }
    }

    private func checkNeighbours(_ block: CIDRBlock, _ change: ChangeContext, _ findings: inout Findings) {
        for (name, other) in Subnets.blocks(in: change.view)
        where !name.hasSameUTF8(as: change.key) && other.overlaps(block) {
            let isTold = change.mayTell("subnets", ByteString(name))
            findings.addError("Subnet \(block) overlaps \(isTold ? "subnet \(name) \(other)" : "another subnet")")
        }
    }
}

/// Subnets as networks.
enum Subnets {
    /// Every subnet's name and network, by name; what is no network is left out.
    static func blocks(in view: Snapshot) -> [(name: String, block: CIDRBlock)] {
        guard let table = view["subnets"] else { return [] }
        return table.objects.compactMap { key, object in CIDRBlock(object.text("Subnet")).map { (key.string, $0) } }
    }

    /// The subnet that `address` lies in; there is at most one, since subnets do not overlap.
    static func covering(_ address: IPAddress, in view: Snapshot) -> (name: String, block: CIDRBlock)? {
        blocks(in: view).first { $0.block.contains(address) }
    }
}

extension CIDRBlock {
    /// The bits that all addresses of an IPv4 block share, as a netmask.
    fileprivate var mask: IPAddress {
        let bits = prefixLength == 0 ? 0 : UInt32.max << (32 - prefixLength)
        return IPAddress(bytes: [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: bits >> $0) }) ?? address
    }
}
