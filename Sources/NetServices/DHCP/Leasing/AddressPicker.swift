import Basics
import Provisioning
import Synchronization
import Tracker

/// Finds an address for a client that has none (C §17.2).
final class AddressPicker: Sendable {
    private struct State {
        /// Addresses that somebody is about to get.
        var taken: Set<UInt32> = []
        /// Where the search for free ones goes on, by subnet.
        var next: [Identifier: UInt32] = [:]
    }

    private let state = Mutex(State())

    /// How many addresses are looked at for one client.
    private static let mostLooks = 4_096

    /// An address that nobody has or is about to get. It stays so until it is given back.
    ///
    /// - Parameters:
    ///   - hint: the address that the client would like.
    ///   - excluded: addresses that were found to be in use.
    /// - Returns: nil if there is none.
    func take(
        in subnet: ServedSubnet, for token: String, hint: IPAddress?, excluding excluded: Set<UInt32> = [],
        _ view: Snapshot, at now: Timestamp
    ) -> IPAddress? {
        guard let range = subnet.range else { return nil }
        return state.withLock { state in
            let taken = state.taken
            let isOpen = { (number: UInt32) in
                range.contains(number) && !excluded.contains(number) && !taken.contains(number)
                    && !view.isReserved(IPAddress(v4Number: number))
            }
            for picker in subnet.pickers {
                let found: UInt32?
                switch picker {
                case .none: return nil
                case .hint:
                    guard let wanted = hint?.v4Number, range.contains(wanted) else { continue }
                    // Who asks for an address that another has gets none, so that he asks again without.
                    let lease = view.lease(of: IPAddress(v4Number: wanted))
                    let isFree = lease.map { !$0.isHeld(at: now) || $0.belongs(to: token, subnet.strategy) } ?? true
                    if excluded.contains(wanted) { continue }
                    guard isOpen(wanted), isFree else { return nil }
                    found = wanted
                case .nextFree:
                    let start = state.next[Identifier(subnet.name)] ?? range.lowerBound
                    found = Self.firstFree(range, from: start, view, isOpen)
                    if let found {
                        state.next[Identifier(subnet.name)] = found == range.upperBound ? range.lowerBound : found + 1
                    }
                case .mostExpired: found = Self.longestExpired(view, at: now, isOpen)
                }
                guard let found else { continue }
                state.taken.insert(found)
                return IPAddress(v4Number: found)
            }
            return nil
        }
    }

    /// Lets others have an address: its lease is written, or nothing came of it.
    func giveBack(_ address: IPAddress) {
        guard let number = address.v4Number else { return }
        _ = state.withLock { $0.taken.remove(number) }
    }

    private static func firstFree(
        _ range: ClosedRange<UInt32>, from start: UInt32, _ view: Snapshot, _ isOpen: (UInt32) -> Bool
    ) -> UInt32? {
        var number = range.contains(start) ? start : range.lowerBound
        for _ in 0..<min(range.count, mostLooks) {
            if isOpen(number), view.lease(of: IPAddress(v4Number: number)) == nil { return number }
            number = number == range.upperBound ? range.lowerBound : number + 1
        }
        return nil
    }

    private static func longestExpired(_ view: Snapshot, at now: Timestamp, _ isOpen: (UInt32) -> Bool) -> UInt32? {
        var found: UInt32?
        var looks = 0
        view.forEachObject("leases", inOrderOf: .field("ExpireTime")) { object in
            looks += 1
            guard looks <= mostLooks, let lease = LeaseRecord(object) else { return false }
            if lease.isHeld(at: now) { return lease.end.map { $0 <= now } ?? true }
            guard let number = lease.address.v4Number, isOpen(number) else { return true }
            found = number
            return false
        }
        return found
    }
}
