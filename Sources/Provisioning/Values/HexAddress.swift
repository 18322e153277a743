import Basics
import Tracker

/// Addresses as dr-provision spells the keys of leases and reservations (C §2).
public enum HexAddress {
    /// The bytes of the address that `text` spells in upper-case hexadecimal digits, eight of them for IPv4; text that spells none
    /// stays as it is.
    public static func text(_ text: String) -> String {
        guard let address = IPAddress(text) else { return text }
        return address.bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
    }
}

extension KeyRule {
    /// The key is the address in `field`, in hexadecimal; URLs may have it in any form.
    static func hexAddress(_ field: String) -> KeyRule { .spelled(field, by: HexAddress.text) }
}
