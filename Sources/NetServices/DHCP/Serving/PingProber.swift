import Basics
import CNetworking
import Tracker

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
