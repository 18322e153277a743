import Basics
import JSON
import Provisioning
import Synchronization
import Tracker

/// A subnet as DHCP serves it (C §5.2).
struct ServedSubnet: Sendable {
    /// How an address is found for a client that has none (C §17.2).
    enum Picker: String, Sendable {
        /// The address that the client asks for.
        case hint
        /// The next one without a lease.
        case nextFree
        /// The one whose lease is over for longest.
        case mostExpired
        /// None.
        case none
    }

    let name: String
    let block: CIDRBlock
    /// Whether new leases are given, and old ones go on.
    let isEnabled: Bool
    /// Whether another server gives addresses, and this one tells what to boot.
    let isProxy: Bool
    /// Whether nothing is said of booting.
    let isUnmanaged: Bool
    let onlyReservations: Bool
    let nextServer: IPAddress?
    /// The addresses that are given without a reservation.
    var range: ClosedRange<UInt32>?
    /// In seconds.
    let activeLeaseTime: UInt32
    let reservedLeaseTime: UInt32
    let options: [OptionTemplate]
    let strategy: String
    var pickers: [Picker]

    /// The subnet that an object describes; nil if it is none for IPv4.
    init?(_ object: StoredObject) {
        let fields = object.object
        guard let block = CIDRBlock(fields["Subnet"]?.stringValue ?? ""), block.address.isV4 else { return nil }
        func text(_ name: String) -> String { fields[name]?.stringValue ?? "" }
        func flag(_ name: String) -> Bool { fields[name]?.boolValue ?? false }
        name = object.key.string
        self.block = block
        (isEnabled, isProxy, isUnmanaged) = (flag("Enabled"), flag("Proxy"), flag("Unmanaged"))
        onlyReservations = flag("OnlyReservations")
        nextServer = IPAddress(text("NextServer")).flatMap { $0.isNone ? nil : $0 }
        let ends = [text("ActiveStart"), text("ActiveEnd")].compactMap { IPAddress($0)?.v4Number }
        range = ends.count == 2 && ends[0] <= ends[1] ? ends[0]...ends[1] : nil
        activeLeaseTime = UInt32(clamping: fields["ActiveLeaseTime"]?.intValue ?? 60)
        reservedLeaseTime = UInt32(clamping: fields["ReservedLeaseTime"]?.intValue ?? 7200)
        options = OptionTemplate.all(in: fields)
        strategy = text("Strategy")
        pickers = (fields["Pickers"]?.arrayValue ?? []).compactMap { $0.stringValue.flatMap { Picker(rawValue: $0) } }
    }
}

/// The subnets of the newest state. They are decoded anew only when one has changed.
final class ServedSubnets: Sendable {
    private struct State {
        var revisions: [Revision] = []
        var subnets: [ServedSubnet] = []
    }

    private let state = Mutex(State())

    /// The subnets in `view`.
    func all(in view: Snapshot) -> [ServedSubnet] {
        guard let table = view["subnets"] else { return [] }
        let objects = table.objects.map(\.1)
        return state.withLock { state in
            if !state.revisions.elementsEqual(objects.lazy.map(\.revision)) {
                state = State(revisions: objects.map(\.revision), subnets: objects.compactMap { ServedSubnet($0) })
            }
            return state.subnets
        }
    }

    /// The subnet that an address lies in; there is at most one, since subnets do not overlap.
    func covering(_ address: IPAddress, in view: Snapshot) -> ServedSubnet? {
        all(in: view).first { $0.block.contains(address) }
    }
}

extension IPAddress {
    /// The address as a number; nil for IPv6.
    var v4Number: UInt32? { isV4 ? bytes.reduce(0) { $0 << 8 | UInt32($1) } : nil }

    /// The IPv4 address of a number.
    init(v4Number number: UInt32) {
        self = IPAddress(bytes: [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }) ?? .none
    }
}
