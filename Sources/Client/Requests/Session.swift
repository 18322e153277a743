import Basics
import Glibc
import JSON

/// The credentials of a client as they are sent: a token where there is one, which is fetched by password and kept.
actor Session {
    private let settings: ClientSettings
    private let cache: TokenCache?
    private var entry: TokenCache.Entry?

    /// Sends a request with an `Authorization` of its own.
    typealias Sending = @Sendable (APIRequest, String?) async throws(ClientError) -> APIResponse

    init(_ settings: ClientSettings) {
        self.settings = settings
        cache = settings.tokenFolder.map { TokenCache(folder: $0) }
    }

    /// The value of `Authorization`; nil without credentials.
    func header(_ send: Sending) async throws(ClientError) -> String? {
        guard let credentials = settings.credentials else { return nil }
        guard let token = try await token(send) else { return credentials.header }
        return "Bearer " + token
    }

    /// The token; nil without credentials.
    func token(_ send: Sending) async throws(ClientError) -> String? {
        guard let credentials = settings.credentials else { return nil }
        guard case .password(let user, let password) = credentials else {
            guard case .token(let token) = credentials else { return nil }
            return token
        }
        let now = Int64(time(nil))
        if let entry, entry.end > now + 60 { return entry.token }
        let owner = TokenCache.Owner(address: settings.address, user: user, password: password)
        if let cache, let kept = await BlockingPool.shared.run({ cache.token(of: owner, now: now) }) {
            entry = kept
            return kept.token
        }
        guard settings.logsIn else { throw ClientError(.denied, "no token of \(user) is kept") }
        let request = APIRequest("GET", ["users", user, "token"], query: [("ttl", String(settings.tokenSeconds))])
        let answer: JSONValue
        do throws(ClientError) {
            answer = try await send(request, credentials.header).json()
        } catch {
            guard error.status == 401 || error.status == 403 else { throw error }
            throw error.saying(
                "the server does not take the password of \(user), or knows no \(user): \(error.message)")
        }
        guard let token = answer["Token"]?.stringValue else {
            throw ClientError(.malformed, "the server's answer to a login has no Token")
        }
        let fresh = TokenCache.Entry(token: token, end: now + Int64(settings.tokenSeconds))
        entry = fresh
        if let cache {
            try await BlockingPool.shared.run { () throws(ClientError) in try cache.keep(fresh, for: owner) }
        }
        return token
    }

    /// Forgets a token that was refused.
    ///
    /// - Returns: whether another can be had.
    func forget(_ header: String?) async -> Bool {
        guard case .password(let user, let password)? = settings.credentials, let entry,
            header == "Bearer " + entry.token
        else { return false }
        self.entry = nil
        if let cache {
            let owner = TokenCache.Owner(address: settings.address, user: user, password: password)
            await BlockingPool.shared.run { cache.forget(owner) }
        }
        return true
    }
}
