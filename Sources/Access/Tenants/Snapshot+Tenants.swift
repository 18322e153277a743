import JSON
import Tracker

extension Snapshot {
    /// The tenant that `user` belongs to, or nil.
    func tenant(of user: String) -> String? {
        guard let tenants = self["tenants"], tenants.count > 0 else { return nil }
        return keys("tenants", where: .field("Users"), is: user).first?.string
    }
}
