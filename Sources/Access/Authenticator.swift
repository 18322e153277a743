public import Basics
import JSON
import Synchronization
public import Tracker

/// Finds out who makes a request, from a password or a token, and what they may do.
///
/// Answers are remembered for as long as the objects they follow from stay as they are, so that most requests cost a few
/// look-ups; a change of a role, a secret or a password counts from the next request on.
public final class Authenticator: Sendable {
    private enum Credential: Hashable {
        case user(Identifier)
        case token(Identifier)
    }

    /// What is known of a credential that was found good.
    private struct Known: Sendable {
        var principal: Principal
        var trace: ObjectReader.Trace
        let expiry: Int64
        /// The newest revision at which the trace was found to hold.
        var revision: Revision
        /// The scopes by which its claims were read.
        let generation: Int
    }

    /// What can be claimed, and how often that has changed.
    private let claimable: Mutex<(scopes: Scopes, generation: Int)>
    private let environment: Environment
    private let passwords: PasswordVerifier
    private let wellKnown = WellKnownPassword()
    /// Who has guessed at secrets of other things than users.
    private let guesses: Mutex<GuessLimits>
    private let known = Mutex(BoundedCache<Credential, Known>(limit: 4096))

    /// An authenticator.
    ///
    /// - Parameters:
    ///   - scopes: what can be claimed.
    ///   - environment: time and randomness.
    public convenience init(scopes: Scopes, environment: Environment = Environment()) {
        self.init(scopes: scopes, environment: environment, limits: PasswordVerifier.Limits())
    }

    init(scopes: Scopes, environment: Environment, limits: PasswordVerifier.Limits) {
        claimable = Mutex((scopes, 0))
        self.environment = environment
        passwords = PasswordVerifier(limits, environment: environment)
        guesses = Mutex(GuessLimits(limits))
    }

    /// What can be claimed now.
    public var scopes: Scopes { claimable.withLock { $0.scopes } }

    /// Has other scopes be what can be claimed, from the next request on.
    public func adopt(_ scopes: Scopes) { claimable.withLock { $0 = (scopes, $0.generation + 1) } }

    private var firstUser: FirstUser { scopes.model.firstUser }

    /// How many passwords were hashed or wait for it.
    var hashCount: Int { passwords.hashCount }

    /// Who logs in with a password.
    ///
    /// The first time takes as long as the password's hash; it is computed on threads of its own, and remembered for some
    /// minutes.
    /// - Parameters:
    ///   - user: the user's name.
    ///   - password: the password.
    ///   - address: where the client is; failures are counted for each address, and for each address and user.
    ///   - snapshot: where the user is looked up.
    /// - Throws: `badCredentials`, `tooManyFailures` or `busy`.
    public func principal(
        basic user: String, password: String, address: String?, in snapshot: Snapshot
    ) async throws(AccessError) -> Principal {
        try await login(user, password: password, address: address, in: snapshot).principal
    }

    /// Who logs in with a password, and whether the password had to be looked at, or was found right a moment ago.
    public func login(
        _ user: String, password: String, address: String?, in snapshot: Snapshot
    ) async throws(AccessError) -> (principal: Principal, isNew: Bool) {
        let field = snapshot.passwordField(of: user)
        let isNew = try await passwords.verify(user, field, password, from: address)
        if isNew, let field, password.hasSameUTF8(as: firstUser.password) { wellKnown.note(field) }
        return (try principal(certified: user, in: snapshot), isNew)
    }

    /// Who logs in with a password that was found right a moment ago; nil for all others.
    public func remembered(_ user: String, password: String, address: String?, in snapshot: Snapshot) -> Principal? {
        let field = snapshot.passwordField(of: user)
        guard passwords.remembers(user, field, password, from: address) else { return nil }
        return try? principal(certified: user, in: snapshot)
    }

    /// The user for whom somebody else has vouched, as the authority behind a client's certificate does.
    ///
    /// - Throws: `badCredentials` if there is no such user.
    public func principal(certified user: String, in snapshot: Snapshot) throws(AccessError) -> Principal {
        try principal(.user(Identifier(user)), snapshot) { reader throws(AccessError) in
            guard let principal = PrincipalReader(scopes).user(user, &reader) else { throw .badCredentials }
            return (principal, .max)
        }
    }

    /// Who shows a token.
    ///
    /// - Throws: `badToken` or `expired`.
    public func principal(bearer token: String, in snapshot: Snapshot) throws(AccessError) -> Principal {
        try principal(.token(Identifier(token)), snapshot) { reader throws(AccessError) in
            guard let key = TokenSecrets.signingKey(scopes.model.settings, &reader),
                let parsed = TokenText.verify(token, with: key),
                let secrets = TokenSecrets(
                    of: parsed.subject, grantor: parsed.grantor, scopes.model, &reader),
                secrets.seal.hasSameUTF8(as: parsed.seal),
                let principal = PrincipalReader(scopes).bearer(of: parsed, &reader)
            else { throw .badToken }
            return (principal, parsed.expiry)
        }
    }

    /// Whether a client knows the secret of something that has one but is no user. Wrong guesses are counted as wrong passwords
    /// are.
    ///
    /// - Parameters:
    ///   - name: what has the secret; it may be nothing at all.
    ///   - address: where the client is.
    ///   - isRight: looks at what the client knows; it must not wait.
    /// - Throws: `tooManyFailures`.
    public func knowsSecret(
        of name: String, from address: String?, _ isRight: () -> Bool
    ) throws(AccessError) -> Bool {
        let (attempt, now) = (LoginAttempt(name, from: address), environment.now())
        let refusal = guesses.withLock { guesses -> AccessError? in
            if let refusal = guesses.refusal(of: attempt, at: now) { return refusal }
            guesses.begin(attempt, at: now)
            return nil
        }
        if let refusal { throw refusal }
        guard isRight() else { return false }
        guesses.withLock { $0.succeed(attempt, at: now) }
        return true
    }

    /// The same token as it is remembered: of all who came with one, and keep it, the text is in memory once.
    public func shared(_ token: String) -> String {
        let found = known.withLock { $0.remembered(.token(Identifier(token))) }
        guard case .token(let known) = found else { return token }
        return known.text
    }

    /// A signed token.
    ///
    /// - Throws: `notFound` if there is no such user or object, `notSetUp` if the server has no secrets to sign with.
    public func issueToken(_ order: TokenRequest, in snapshot: Snapshot) throws(AccessError) -> String {
        var reader = ObjectReader(snapshot)
        let settings = scopes.model.settings
        guard TokenSecrets.signingKey(settings, &reader) != nil else { throw .notSetUp(settings) }
        guard let secrets = TokenSecrets(of: order.subject, grantor: order.grantor, scopes.model, &reader) else {
            throw AccessError(.notFound, ["Not Found"])
        }
        let lifetime = max(.seconds(1), min(order.lifetime, TokenLifetime.longest))
        let roles = order.roles.map { PrincipalReader(scopes).held($0, by: order.subject, &reader) }
        let token = Token(
            order.subject, grantor: order.grantor, expiry: (environment.now() + lifetime).seconds, roles: roles,
            claims: order.claims, restrictions: order.restrictions, seal: secrets.seal)
        return TokenText.sign(token, with: secrets.key)
    }

    /// The hash of a new password; takes tens of milliseconds, on threads of its own.
    ///
    /// - Parameter address: where the client is who sets it; clients take turns.
    /// - Throws: `busy` when too many are being made.
    public func hash(password: String, from address: String? = nil) async throws(AccessError) -> ScryptHash {
        let hash = try await passwords.hash(password, from: address)
        if password.hasSameUTF8(as: firstUser.password) { wellKnown.note(hash.fieldText) }
        return hash
    }

    /// Whether the first user is known to have the password of ``FirstUser`` in `snapshot`: it was set, logged in with or
    /// found by ``lookForWellKnownPassword(in:)``.
    public func hasWellKnownPassword(in snapshot: Snapshot) -> Bool {
        wellKnown.isInUse(by: firstUser.name, in: snapshot)
    }

    /// Finds out whether the first user has the password of ``FirstUser``; takes as long as one login.
    public func lookForWellKnownPassword(in snapshot: Snapshot) async {
        guard !wellKnown.isInUse(by: firstUser.name, in: snapshot),
            let field = snapshot.passwordField(of: firstUser.name)
        else { return }
        if await passwords.isHash(field, of: firstUser.password) { wellKnown.note(field) }
    }
}

extension Authenticator {
    /// The principal of a good credential: the one remembered if everything it follows from is unchanged, or else what
    /// `find` finds, with the time at which the credential ends.
    private func principal(
        _ credential: Credential, _ snapshot: Snapshot,
        find: (inout ObjectReader) throws(AccessError) -> (Principal, expiry: Int64)
    ) throws(AccessError) -> Principal {
        let found: Known
        if let entry = remembered(credential, in: snapshot) {
            found = entry
        } else {
            let generation = generation
            var reader = ObjectReader(snapshot)
            let (principal, expiry) = try find(&reader)
            found = Known(
                principal: principal, trace: reader.trace, expiry: expiry, revision: snapshot.revision,
                generation: generation)
            known.withLock { $0[credential] = found }
        }
        guard environment.now().seconds < found.expiry else {
            known.withLock { $0[credential] = nil }
            throw .expired
        }
        guard case .user(let name) = found.principal.subject else { return found.principal }
        return found.principal.within(snapshot.tenant(of: name))
    }

    private var generation: Int { claimable.withLock { $0.generation } }

    private func remembered(_ credential: Credential, in snapshot: Snapshot) -> Known? {
        guard var entry = known.withLock({ $0[credential] }), entry.generation == generation else { return nil }
        if entry.revision == snapshot.revision { return entry }
        guard entry.trace.holds(in: snapshot) else { return nil }
        entry.revision = snapshot.revision
        known.withLock { $0[credential] = entry }
        return entry
    }
}
