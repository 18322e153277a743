import Basics
import Crypto
import Synchronization
import Tracker

/// Checks passwords: slowly where it must, at once where the same was found right a moment ago.
///
/// What is remembered is a keyed hash of user, stored hash and password, under a key that only this process knows; a
/// changed password is forgotten by itself, since its stored hash is another. Equal checks that run at the same time share
/// one hash.
final class PasswordVerifier: Sendable {
    /// Sizes and times.
    struct Limits: Sendable {
        /// How many right passwords are remembered.
        var remembered = 1024
        /// For how long each is.
        var rememberedFor = Duration.seconds(600)
        /// How many failures in a row one address may have with one user.
        var failures = 10
        /// How long it takes for one failure to be forgotten.
        var failureDecay = Duration.seconds(30)
        /// How many failures one address may have, whatever the users; more than may be hashed or wait for that at once, since
        /// a login counts as failed until it is known.
        var addressFailures = 100
        /// How long it takes for one of those to be forgotten.
        var addressFailureDecay = Duration.seconds(6)
        /// How many passwords are hashed at once.
        var width = 2
        /// How many may be hashed or wait for that.
        var pending = 64
    }

    private typealias Fingerprint = [UInt8]
    private typealias Outcome = Result<Bool, AccessError>

    /// What is remembered and under way; guarded together.
    private struct State {
        var right: BoundedCache<Fingerprint, Timestamp>
        var guesses: GuessLimits
        var running: [Fingerprint: Task<Outcome, Never>] = [:]

        /// Whether the password of that fingerprint was found right no longer ago than `duration`.
        mutating func remembers(_ fingerprint: Fingerprint, at now: Timestamp, for duration: Duration) -> Bool {
            right[fingerprint].map { now - $0 < duration } ?? false
        }
    }

    private enum Step {
        case right
        case refused(AccessError)
        case running(Task<Outcome, Never>, isOwn: Bool)
    }

    private let limits: Limits
    private let environment: Environment
    /// Addresses take turns: a flood from one delays another's login by no more than the hashes that are being made.
    private let queue: WorkQueue<LoginOrigin>
    private let key: SymmetricKey
    /// Stands in for the hash of a user who does not exist, so that this takes as long to find out as a wrong password.
    private let decoy: ScryptHash
    private let state: Mutex<State>

    init(_ limits: Limits, environment: Environment) {
        self.limits = limits
        self.environment = environment
        queue = WorkQueue(width: limits.width, limit: limits.pending)
        key = SymmetricKey(data: environment.randomBytes(32))
        decoy = ScryptHash(cost: .standard, salt: environment.randomBytes(16), key: environment.randomBytes(32))
        state = Mutex(State(right: BoundedCache(limit: limits.remembered), guesses: GuessLimits(limits)))
    }

    /// How many passwords were hashed or wait for it.
    var hashCount: Int { queue.total }

    /// Returns if `password` is that of `user`.
    ///
    /// - Parameters:
    ///   - field: the user's stored hash, as the object has it; nil if there is no such user, or the user has no password.
    ///   - address: where the client is.
    /// - Returns: whether it had to be looked at; false if it was found right a moment ago.
    /// - Throws: `badCredentials`, `tooManyFailures` or `busy`.
    @discardableResult
    func verify(
        _ user: String, _ field: String?, _ password: String, from address: String?
    ) async throws(AccessError) -> Bool {
        let attempt = LoginAttempt(user, from: address)
        let fingerprint = fingerprint(user, field, password)
        switch step(attempt, fingerprint, field, password) {
        case .right: return false
        case .refused(let error): throw error
        case .running(let task, let isOwn):
            guard try await task.value.get() else { throw .badCredentials }
            return isOwn
        }
    }

    /// Whether `password` was found to be that of `user` a moment ago, and its client may still try.
    func remembers(_ user: String, _ field: String?, _ password: String, from address: String?) -> Bool {
        let attempt = LoginAttempt(user, from: address)
        let fingerprint = fingerprint(user, field, password)
        let now = environment.now()
        return state.withLock { state in
            state.guesses.refusal(of: attempt, at: now) == nil
                && state.remembers(fingerprint, at: now, for: limits.rememberedFor)
        }
    }

    /// The hash of a new password, made off the cooperative pool.
    func hash(_ password: String, from address: String?) async throws(AccessError) -> ScryptHash {
        let salt = environment.randomBytes(16)
        let hash = await queue.run(for: LoginOrigin(address)) { ScryptHash(password: password, salt: salt) }
        guard let hash, let hash else { throw .busy }
        return hash
    }

    /// Whether a stored hash is that of `password`; nobody's attempt to log in.
    func isHash(_ field: String, of password: String) async -> Bool {
        guard let hash = ScryptHash(field: field) else { return false }
        return await queue.run(for: LoginOrigin(nil)) { hash.matches(password) } ?? false
    }

    private func step(
        _ attempt: LoginAttempt, _ fingerprint: Fingerprint, _ field: String?, _ password: String
    ) -> Step {
        let now = environment.now()
        return state.withLock { state in
            // First of all, since what is remembered would tell a guesser what the limit keeps back.
            if let error = state.guesses.refusal(of: attempt, at: now) { return .refused(error) }
            if let task = state.running[fingerprint] { return .running(task, isOwn: false) }
            if state.remembers(fingerprint, at: now, for: limits.rememberedFor) { return .right }
            state.guesses.begin(attempt, at: now)
            let hash = field.flatMap { ScryptHash(field: $0) } ?? decoy
            let task = Task { await self.check(attempt, fingerprint, hash, password) }
            state.running[fingerprint] = task
            return .running(task, isOwn: true)
        }
    }

    private func check(
        _ attempt: LoginAttempt, _ fingerprint: Fingerprint, _ hash: ScryptHash, _ password: String
    ) async -> Outcome {
        let isRight = await queue.run(for: attempt.origin) { hash.matches(password) }
        let outcome: Outcome = isRight.map { .success($0) } ?? .failure(.busy)
        let now = environment.now()
        state.withLock { state in
            state.running[fingerprint] = nil
            switch outcome {
            case .success(true):
                state.right[fingerprint] = now
                state.guesses.succeed(attempt, at: now)
            case .success(false): break
            case .failure: state.guesses.abandon(attempt, at: now)
            }
        }
        return outcome
    }

    /// What a password that was found right is remembered by. A user that is not there counts as one with an empty field, so that
    /// looking at both takes the same steps; the empty field is nobody's hash, so nothing right is ever remembered by it.
    private func fingerprint(_ user: String, _ field: String?, _ password: String) -> Fingerprint {
        var code = HMAC<SHA256>(key: key)
        code.updateFramed([user, field ?? "", password])
        return Array(code.finalize())
    }
}
