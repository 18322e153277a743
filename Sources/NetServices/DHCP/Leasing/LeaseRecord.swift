import Basics
import JSON
import Provisioning
import Tracker

/// A lease as the store has it (C §5.2), as far as DHCP goes by it.
struct LeaseRecord: Sendable {
    /// What has become of an address.
    enum State: String, Sendable {
        /// Somebody is asked whether he has it.
        case probe = "PROBE"
        /// It was offered.
        case offer = "OFFER"
        /// It is in use.
        case ack = "ACK"
        /// It is free again.
        case expired = "EXPIRED"
        /// Somebody uses it without having been given it.
        case invalid = "INVALID"
        /// Another server has given it; this one has told what to boot.
        case fake = "FAKE"
    }

    let address: IPAddress
    let token: String
    let strategy: String
    let state: State?
    /// When it ends; nil if that is not told.
    let end: Timestamp?
    let skipsBoot: Bool

    /// The lease of an object.
    init?(_ object: StoredObject) {
        guard let address = IPAddress(object.document.member("Addr")?.string ?? "") else { return nil }
        self.address = address
        token = object.document.member("Token")?.string ?? ""
        strategy = object.document.member("Strategy")?.string ?? ""
        state = object.document.member("State")?.string.flatMap { State(rawValue: $0) }
        end = object.document.member("ExpireTime")?.string.flatMap { Timestamp(rfc3339: $0) }
        skipsBoot = object.document.member("SkipBoot")?.bool ?? false
    }

    /// Whether the address may not be given to others now.
    func isHeld(at now: Timestamp) -> Bool {
        guard state != .expired, state != nil else { return false }
        return end.map { $0 > now } ?? true
    }

    /// Whether it is a client's, held or not.
    func belongs(to token: String, _ strategy: String) -> Bool {
        state != .invalid && self.token.hasSameUTF8(as: token) && self.strategy.hasSameUTF8(as: strategy)
    }
}

extension Snapshot {
    /// The lease of an address; nil if it never had one.
    func lease(of address: IPAddress) -> LeaseRecord? {
        object("leases", HexAddress.text(address.description)).flatMap { LeaseRecord($0) }
    }

    /// The leases of a client in a network, by address.
    func leases(of token: String, _ strategy: String, in block: CIDRBlock) -> [LeaseRecord] {
        keys("leases", where: .field("Token"), spelled: token).compactMap { key in
            self[ObjectID("leases", key)].flatMap { LeaseRecord($0) }
        }.filter { $0.belongs(to: token, strategy) && block.contains($0.address) }
    }

    /// The address that is kept for a client in a subnet: of reservations that hold everywhere and of those for this subnet.
    func reservation(for token: String, in subnet: ServedSubnet) -> ReservationRecord? {
        keys("reservations", where: .field("Token"), spelled: token).compactMap { key in
            self[ObjectID("reservations", key)].flatMap { ReservationRecord($0) }
        }.first { reservation in
            reservation.strategy.hasSameUTF8(as: subnet.strategy) && subnet.block.contains(reservation.address)
                && (reservation.subnet.isEmpty || reservation.subnet.hasSameUTF8(as: subnet.name))
        }
    }

    /// Whether an address is kept for somebody.
    func isReserved(_ address: IPAddress) -> Bool { contains("reservations", HexAddress.text(address.description)) }
}

/// A reservation as the store has it.
struct ReservationRecord: Sendable {
    let address: IPAddress
    let strategy: String
    /// The subnet that it holds for; empty if it holds everywhere.
    let subnet: String
    let nextServer: IPAddress?
    /// In seconds; zero for the subnet's.
    let duration: UInt32
    let options: [OptionTemplate]

    init?(_ object: StoredObject) {
        let fields = object.object
        guard let address = IPAddress(fields["Addr"]?.stringValue ?? ""), address.isV4 else { return nil }
        self.address = address
        strategy = fields["Strategy"]?.stringValue ?? ""
        subnet = fields["Scoped"]?.boolValue ?? false ? fields["Subnet"]?.stringValue ?? "" : ""
        nextServer = IPAddress(fields["NextServer"]?.stringValue ?? "").flatMap { $0.isNone ? nil : $0 }
        duration = UInt32(clamping: fields["Duration"]?.intValue ?? 0)
        options = OptionTemplate.all(in: fields)
    }
}
