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
        var failures: FailureLimit
        var running: [Fingerprint: Task<Outcome, Never>] = [:]

        /// Whether the password of that fingerprint was found right no longer ago than `duration`.
        mutating func remembers(_ fingerprint: Fingerprint, at now: Timestamp, for duration: Duration) -> Bool {
            right[fingerprint].map { now - $0 < duration } ?? false
        }
    }

    private enum Step {
        case right
        case refused(Duration)
        case running(Task<Outcome, Never>, isOwn: Bool)
    }

    private let limits: Limits
    private let environment: Environment
    private let queue: HashingQueue
    private let key: SymmetricKey
    /// Stands in for the hash of a user who does not exist, so that this takes as long to find out as a wrong password.
    private let decoy: ScryptHash
    private let state: Mutex<State>

    init(_ limits: Limits, environment: Environment) {
        self.limits = limits
        self.environment = environment
        queue = HashingQueue(width: limits.width, limit: limits.pending)
        key = SymmetricKey(data: environment.randomBytes(32))
        decoy = ScryptHash(cost: .standard, salt: environment.randomBytes(16), key: environment.randomBytes(32))
        state = Mutex(
            State(
                right: BoundedCache(limit: limits.remembered),
                failures: FailureLimit(burst: limits.failures, decay: limits.failureDecay)))
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
        let attempt = FailureLimit.Attempt(address: address, user: user)
        let fingerprint = fingerprint(user, field ?? "", password)
        switch step(attempt, fingerprint, field, password) {
        case .right: return false
        case .refused(let wait): throw .tooManyFailures(retryAfter: wait)
        case .running(let task, let isOwn):
            guard try await task.value.get() else { throw .badCredentials }
            return isOwn
        }
    }

    /// Whether `password` was found to be that of `user` a moment ago, and its client may still try.
    func remembers(_ user: String, _ field: String?, _ password: String, from address: String?) -> Bool {
        let attempt = FailureLimit.Attempt(address: address, user: user)
        let fingerprint = fingerprint(user, field ?? "", password)
        let now = environment.now()
        return state.withLock { state in
            state.failures.wait(for: attempt, at: now) == nil
                && state.remembers(fingerprint, at: now, for: limits.rememberedFor)
        }
    }

    /// The hash of a new password, made off the cooperative pool.
    func hash(_ password: String) async throws(AccessError) -> ScryptHash {
        let salt = environment.randomBytes(16)
        guard let hash = try await queue.run({ ScryptHash(password: password, salt: salt) }) else { throw .busy }
        return hash
    }

    private func step(
        _ attempt: FailureLimit.Attempt, _ fingerprint: Fingerprint, _ field: String?, _ password: String
    ) -> Step {
        let now = environment.now()
        return state.withLock { state in
            // First of all, since what is remembered would tell a guesser what the limit keeps back.
            if let wait = state.failures.wait(for: attempt, at: now) { return .refused(wait) }
            if let task = state.running[fingerprint] { return .running(task, isOwn: false) }
            if state.remembers(fingerprint, at: now, for: limits.rememberedFor) { return .right }
            state.failures.begin(attempt, at: now)
            let hash = field.flatMap { ScryptHash(field: $0) } ?? decoy
            let task = Task { await self.check(attempt, fingerprint, hash, password) }
            state.running[fingerprint] = task
            return .running(task, isOwn: true)
        }
    }

    private func check(
        _ attempt: FailureLimit.Attempt, _ fingerprint: Fingerprint, _ hash: ScryptHash, _ password: String
    ) async -> Outcome {
        let outcome: Outcome
        do throws(AccessError) {
            outcome = .success(try await queue.run { hash.matches(password) })
        } catch {
            outcome = .failure(error)
        }
        let now = environment.now()
        state.withLock { state in
            state.running[fingerprint] = nil
            switch outcome {
            case .success(true):
                state.right[fingerprint] = now
                state.failures.succeed(attempt)
            case .success(false): break
            case .failure: state.failures.abandon(attempt, at: now)
            }
        }
        return outcome
    }

    private func fingerprint(_ user: String, _ field: String, _ password: String) -> Fingerprint {
        var code = HMAC<SHA256>(key: key)
        code.updateFramed([user, field, password])
        return Array(code.finalize())
    }
}
