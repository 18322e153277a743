/// What comes from the outside world, time and randomness, so that tests can set both.
public struct Environment: Sendable {
    /// Gives the time, and waits.
    public let clock: any TimeSource
    /// That many random bytes, fit for keys and secrets.
    public let randomBytes: @Sendable (_ count: Int) -> [UInt8]

    /// An environment of a clock and a generator.
    public init(
        clock: any TimeSource = SystemClock(),
        randomBytes: @escaping @Sendable (_ count: Int) -> [UInt8] = Environment.systemRandomBytes
    ) {
        self.clock = clock
        self.randomBytes = randomBytes
    }

    /// The present time of the calendar.
    public func now() -> Timestamp { clock.now() }

    /// Suspends the task for `duration`; not at all if that is zero or less.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    public func sleep(for duration: Duration) async throws(CancellationError) { try await clock.sleep(for: duration) }
}

extension Environment {
    /// Bytes of the system's generator.
    public static let systemRandomBytes: @Sendable (_ count: Int) -> [UInt8] = { RandomPool.shared.take($0) }

    /// A fresh random UUID.
    public func uuid() -> String { UUIDText.version4(from: randomBytes(16)) }

    /// Random text of 16 characters that URLs hold as they are, with 96 bits of randomness.
    public func secret() -> String { Base64URL.encode(randomBytes(12)) }
}

/// What Muster's programs call their version.
public enum ProductVersion {
    /// The version. Clients and packs compare it with versions of the product whose API it serves, so it begins with that API's.
    public static let text = "v4.8.0-muster.1"
}
