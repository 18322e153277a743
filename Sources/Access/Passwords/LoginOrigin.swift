import Basics
import JSON
import Tracker

/// Where logins come from, as limits count them: one client's addresses are one origin.
struct LoginOrigin: Hashable, Sendable {
    private let address: IPAddress?
    /// What is no address, as it came.
    private let text: Identifier

    /// The origin of a client at `address`; all without an address are one, as in tests.
    init(_ address: String?) {
        self.address = address.flatMap { IPAddress($0) }?.clientPart
        text = self.address == nil ? Identifier(address ?? "") : ""
    }
}
