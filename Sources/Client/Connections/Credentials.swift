import Basics
import JSON

/// Who a client says it is.
public enum Credentials: Sendable {
    /// A user with a password; a token is fetched with it once and kept (contract §11.1).
    case password(user: String, password: String)
    /// A token from elsewhere, sent as it is.
    case token(String)

    /// The user, where it is known.
    public var user: String? {
        guard case .password(let user, _) = self else { return nil }
        return user
    }

    /// What `NAME:PASSWORD` means; nil without a colon.
    public init?(key: String) {
        guard let colon = key.firstByteIndex(of: ":") else { return nil }
        self = .password(user: String(key[..<colon]), password: String(key[key.utf8.index(after: colon)...]))
    }

    /// The value of an `Authorization` header.
    var header: String {
        switch self {
        case .password(let user, let password): "Basic " + Base64.encode(Array("\(user):\(password)".utf8))
        case .token(let token): "Bearer " + token
        }
    }
}
