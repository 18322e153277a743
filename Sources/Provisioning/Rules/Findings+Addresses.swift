import Basics
import Tracker

extension Findings {
    /// Refuses an address that no machine can have.
    mutating func checkAddress(_ text: String) {
        if text.isEmpty {
            addError("IP Address is nil")
        } else if IPAddress(text)?.isUnicastV4 != true {
            addError("\(text) is not a valid IP address for dr-provision")
        }
    }

    /// Refuses a lease time that a DHCP client might take for a negative one: 32 bits hold it (RFC 2132 §9.2), and many take
    /// them for signed. What is too short is for others to say.
    mutating func checkSeconds(_ name: String, _ seconds: Int) {
        guard seconds < 0 || seconds > Int(Int32.max) else { return }
        addError("\(name) must be from 0 to \(Int32.max) seconds, not \(seconds)")
    }

    /// Refuses an address that no machine can have, except none at all.
    mutating func checkOptionalAddress(_ text: String) {
        if !text.isEmpty, text != "0.0.0.0" { checkAddress(text) }
    }
}

extension IPAddress {
    /// Whether one IPv4 host anywhere can have the address: not loopback (RFC 1122), link-local (RFC 3927), multicast
    /// (RFC 5771), unspecified or broadcast.
    fileprivate var isUnicastV4: Bool {
        guard isV4 else { return false }
        let bytes = self.bytes
        switch (bytes[0], bytes[1]) {
        case (127, _), (224...239, _), (169, 254): return false
        default: return bytes != [0, 0, 0, 0] && bytes != [255, 255, 255, 255]
        }
    }
}
