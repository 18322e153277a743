public import Basics
import Client

/// A server and who one is there, under a name: what `muster context` keeps.
public struct ClientContext: Sendable {
    /// The address of the server, as it was given.
    public var endpoint: String?
    /// The user.
    public var username: String?
    /// The password. Kept in clear in a file of mode 0600; leave it out to be asked.
    public var password: String?
    /// A token instead of a user and password.
    public var token: String?
    /// A PEM file with the authority that the server's certificate comes from.
    public var authority: String?
    /// Whether any certificate is taken.
    public var isInsecure = false

    /// A context that says nothing.
    public init() {}

    /// What `other` says, and where it says nothing, what this one does. Credentials are taken from one of them only.
    public func overlaid(by other: ClientContext) -> ClientContext {
        var result = self
        if let endpoint = other.endpoint { result.endpoint = endpoint }
        if other.token != nil || other.username != nil || other.password != nil {
            result.token = other.token
            result.username = other.username ?? (other.token == nil ? username : nil)
            let isSameUser = other.username.map { $0.hasSameUTF8(as: username ?? "") } ?? (other.token == nil)
            result.password = other.password ?? (isSameUser ? password : nil)
        }
        if other.authority != nil || other.isInsecure {
            result.authority = other.authority
            result.isInsecure = other.isInsecure
        }
        return result
    }

    /// What the environment says, in the names that `drpcli` has: `RS_ENDPOINT`, `RS_KEY` (`USER:PASSWORD`), `RS_USERNAME`,
    /// `RS_PASSWORD`, `RS_TOKEN`.
    public init(environment: [Identifier: String]) {
        func value(_ name: String) -> String? { environment[Identifier(name)].flatMap { $0.isEmpty ? nil : $0 } }
        endpoint = value("RS_ENDPOINT")
        token = value("RS_TOKEN")
        if let key = value("RS_KEY"), case .password(let user, let password)? = Credentials(key: key) {
            (username, self.password) = (user, password)
        }
        if let user = value("RS_USERNAME") { username = user }
        if let secret = value("RS_PASSWORD") { password = secret }
    }
}
