import Basics

/// How often secrets may be guessed: by an address with one name, and with all names together.
struct GuessLimits: Sendable {
    private var failures: FailureLimit<LoginAttempt>
    private var addressFailures: FailureLimit<LoginOrigin>

    init(_ limits: PasswordVerifier.Limits) {
        failures = FailureLimit(burst: limits.failures, decay: limits.failureDecay)
        addressFailures = FailureLimit(burst: limits.addressFailures, decay: limits.addressFailureDecay)
    }

    /// Why an attempt may not be made now; nil if it may.
    mutating func refusal(of attempt: LoginAttempt, at now: Timestamp) -> AccessError? {
        if let wait = failures.wait(for: attempt, at: now) { return .tooManyFailures(retryAfter: wait) }
        let wait = addressFailures.wait(for: attempt.origin, at: now)
        return wait.map { .tooManyFailures(retryAfter: $0, ofAddress: true) }
    }

    /// Counts an attempt as failed, before its outcome is known: many at once are to get no further than one at a time.
    mutating func begin(_ attempt: LoginAttempt, at now: Timestamp) {
        failures.begin(attempt, at: now)
        addressFailures.begin(attempt.origin, at: now)
    }

    /// Forgets the failures of who knew the secret. Who knows one has not guessed the others.
    mutating func succeed(_ attempt: LoginAttempt, at now: Timestamp) {
        failures.succeed(attempt)
        addressFailures.abandon(attempt.origin, at: now)
    }

    /// Takes back what ``begin(_:at:)`` counted, since the attempt has not failed.
    mutating func abandon(_ attempt: LoginAttempt, at now: Timestamp) {
        failures.abandon(attempt, at: now)
        addressFailures.abandon(attempt.origin, at: now)
    }
}
