import HTTPServing
import ProvisionAPI
import Logging
import ServiceLifecycle

/// Has the API show a new certificate soon after its files have changed.
struct CertificateWatch: Service {
    let files: TLSFiles
    let keeper: CertificateProvider
    let logger: Logger

    /// How often the files are looked at. They are small, and read as a whole: times of files miss quick changes.
    private static let pause = Duration.seconds(1)

    /// Works until the surrounding service group shuts down.
    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            var refused: TLSIdentity?
            while true {
                try await Task.sleep(for: Self.pause)
                guard let found = try? await BlockingWork.run({ try files.read() }), found != refused else { continue }
                refused = reload(found) ? nil : found
            }
        }
    }

    /// Files that do not fit together are mostly half-way through their change: the certificate shown stays until they do.
    private func reload(_ identity: TLSIdentity) -> Bool {
        do {
            guard try keeper.use(identity) else { return true }
            logger.notice("the certificate has changed", metadata: ["file": "\(files.certificate)"])
            return true
        } catch {
            logger.warning(
                "the certificate in its files cannot be used: the one before is shown",
                metadata: ["certificate": "\(files.certificate)", "key": "\(files.key)"])
            return false
        }
    }
}
