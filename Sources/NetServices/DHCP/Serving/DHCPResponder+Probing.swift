import Basics
import CNetworking
import Logging
import Provisioning
import Tracker

/// Finds out whether an address is in use by somebody who was not given it.
protocol AddressProber: Sendable {
    /// Whether anybody answers at an address; it takes a bounded time to find out.
    func isInUse(_ address: IPAddress) async -> Bool
}

extension DHCPResponder {
    /// How many addresses that are in use are passed over for one client.
    private static let mostTries = 5

    /// The first address at which nobody answers, from one that was picked on; those passed over are noted, and given back.
    func firstSilent(_ first: IPAddress, _ query: DHCPQuery, _ subnet: ServedSubnet) async -> IPAddress? {
        var (address, passed) = (first, Set<UInt32>())
        for _ in 0..<Self.mostTries {
            guard let prober, await prober.isInUse(address) else { return address }
            logger.warning(
                "an address is in use without a lease", metadata: ["address": "\(address)", "subnet": "\(subnet.name)"])
            let used = address
            passed.insert(used.v4Number ?? 0)
            writer.quarantine(used) { [picker] _ in picker.giveBack(used) }
            let next = picker.take(
                in: subnet, for: query.token, hint: nil, excluding: passed, tracker.snapshot,
                at: tracker.environment.now())
            guard let next else { return nil }
            address = next
        }
        picker.giveBack(address)
        return nil
    }
}

/// Asks by ICMP whether an address is in use (RFC 2131 §2.2).
struct PingProber: AddressProber {
    /// How long an answer is waited for: on a link it takes no more than some milliseconds, and clients ask again after a second.
    private static let patience: Int32 = 400

    func isInUse(_ address: IPAddress) async -> Bool {
        let bytes = address.bytes
        // Where no echo can be sent, for want of rights, nobody is found.
        return await BlockingPool.shared.run {
            bytes.withUnsafeBytes { muster_ping($0.loadUnaligned(as: UInt32.self), Self.patience) == 1 }
        }
    }
}
