public import Basics
public import Logging
public import ServiceLifecycle

/// Has the API show a new certificate soon after what it is read from has changed.
public struct CertificateWatch: Service {
    private let provider: CertificateProvider
    private let metadata: Logger.Metadata
    private let clock: any TimeSource
    private let logger: Logger
    private let read: @Sendable () async throws -> TLSIdentity

    /// How often it is read. Certificates are small, and read as a whole: times of files miss quick changes.
    static let pause = Duration.seconds(1)

    /// A watch.
    ///
    /// - Parameters:
    ///   - provider: shows what is read.
    ///   - metadata: tells in the log where that comes from.
    ///   - clock: takes the pauses between two looks.
    ///   - read: reads the identity. What it throws is tried again with the next look.
    public init(
        _ provider: CertificateProvider, metadata: Logger.Metadata, clock: any TimeSource, logger: Logger,
        read: @escaping @Sendable () async throws -> TLSIdentity
    ) {
        (self.provider, self.metadata, self.clock) = (provider, metadata, clock)
        (self.logger, self.read) = (logger, read)
    }

    /// Works until the surrounding service group shuts down.
    public func run() async throws {
        try? await cancelWhenGracefulShutdown {
            var refused: TLSIdentity?
            while true {
                try await clock.sleep(for: Self.pause)
                guard let found = try? await read(), found != refused else { continue }
                refused = reload(found) ? nil : found
            }
        }
    }

    /// Files that do not fit together are mostly half-way through their change: the certificate shown stays until they do.
    private func reload(_ identity: TLSIdentity) -> Bool {
        do {
            guard try provider.use(identity) else { return true }
            logger.notice("the certificate has changed", metadata: metadata)
            return true
        } catch {
            logger.warning(
                "the certificate in its files cannot be used: the one before is shown", metadata: metadata)
            return false
        }
    }
}
