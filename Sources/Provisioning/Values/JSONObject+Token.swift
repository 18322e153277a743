import Basics
import JSON
import Tracker

extension JSONObject {
    /// Brings a lease's or reservation's token into the one form of its kind: of the strategy `MAC`, that of a hardware address
    /// (C §17.2).
    mutating func canonicalizeToken() {
        guard text("Strategy").hasSameUTF8(as: "MAC") else { return }
        self["Token"] = .string(MACAddress.canonical(text("Token")))
    }
}
