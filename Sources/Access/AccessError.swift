/// Why someone was not let in, or may not do what was asked.
///
/// The API maps the code to a status and to the wire's `Type` and `Model`, in one place.
public struct AccessError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong.
    public enum Code: Sendable, Hashable, CaseIterable {
        /// The request carries no credentials.
        case missingCredentials
        /// No such user, or not that password.
        case badCredentials
        /// The token is none of ours, or was made void.
        case badToken
        /// The token's time is over.
        case expired
        /// The client is known, but may not do this.
        case denied
        /// Too many failed logins; ``AccessError/retryAfter`` says when to come back.
        case tooManyFailures
        /// Too many logins at once; ``AccessError/retryAfter`` says when to come back.
        case busy
        /// A token's lifetime is not a duration.
        case badDuration
        /// What a token is asked for does not exist.
        case notFound
        /// A token cannot be signed, since a setting that every server has is missing.
        case notSetUp
    }

    /// What went wrong.
    public var code: Code
    /// One sentence a problem; the texts are those of C §3.
    public var messages: [String]
    /// When it makes sense to try again.
    public var retryAfter: Duration?

    /// An error of `messages`.
    public init(_ code: Code, _ messages: [String], retryAfter: Duration? = nil) {
        self.code = code
        self.messages = messages
        self.retryAfter = retryAfter
    }

    /// The messages.
    public var description: String { messages.joined(separator: "; ") }
}

extension AccessError {
    /// The request carries no credentials.
    public static let missingCredentials = AccessError(
        .missingCredentials, ["Access Denied: give a user and a password, or a token"])

    /// No such user, or not that password; which of the two is not for the client to know.
    public static let badCredentials = AccessError(.badCredentials, ["Access Denied"])

    /// The token is none of ours, or was made void.
    public static let badToken = AccessError(.badToken, ["Token is not valid: get a new one"])

    /// The token's time is over.
    public static let expired = AccessError(.expired, ["Token has expired: get a new one"])

    /// The server has no secrets yet.
    static func notSetUp(_ settings: SettingsModel) -> AccessError {
        let (type, signing, system) = (settings.typeName, settings.signingSecret, settings.systemSecret)
        return AccessError(.notSetUp, ["Tokens cannot be made: the \(type) \(signing) and \(system) are missing"])
    }

    /// Too many logins at once.
    public static let busy = AccessError(.busy, ["Too many logins at once: try again"], retryAfter: .seconds(1))

    /// Too many failed logins of one user from one address, or of any users from it.
    public static func tooManyFailures(retryAfter: Duration, ofAddress: Bool = false) -> AccessError {
        let seconds = max(1, retryAfter.components.seconds + (retryAfter.components.attoseconds > 0 ? 1 : 0))
        let message = "Too many failed logins\(ofAddress ? " from this address" : ""): try again in \(seconds) s"
        return AccessError(.tooManyFailures, [message], retryAfter: .seconds(seconds))
    }

    /// The client may not do what the request asks for (C §3).
    ///
    /// - Parameters:
    ///   - target: the path and the query of the request, as they came.
    ///   - claims: what is missing.
    public static func denied(_ target: String, requires claims: [Claim]) -> AccessError {
        AccessError(.denied, ["Cannot access \(target)"] + claims.map { "Requires: \($0)" })
    }
}
