import Basics
import FoundationEssentials
import Glibc
import HTTPServing
import Logging
import NIOSSL
import ProvisionAPI
import SystemPackage

/// The API's certificate and key, as files.
struct TLSFiles: Sendable {
    let certificate: FilePath
    let key: FilePath
    /// Certificates of those who may vouch for clients; nil to ask clients for none.
    let clientAuthorities: FilePath?

    /// A keeper of what the files hold, which are made first if they are not there.
    ///
    /// - Throws: `StartError` naming the file that cannot be used.
    func keeper() throws -> CertificateProvider {
        let authorities = try clientAuthorities.map { path in
            do {
                return try NIOSSLCertificate.fromPEMFile(path.string)
            } catch {
                throw StartError("the certificates of clients' authorities in \(path) cannot be used: \(error)")
            }
        }
        do {
            try SelfSignedCertificate.ensure(certificate: certificate, key: key, names: [Self.hostName, "localhost"])
            return try CertificateProvider(try read(), clientAuthorities: authorities) { identity in
                try await Self.access { try save(identity) }
            }
        } catch {
            throw StartError("the certificate \(certificate) or its key \(key) cannot be used: \(error)")
        }
    }

    /// Has `provider` show what the files hold, soon after they have changed.
    func watch(_ provider: CertificateProvider, clock: any TimeSource, logger: Logger) -> CertificateWatch {
        let files: Logger.Metadata = ["certificate": "\(certificate)", "key": "\(key)"]
        return CertificateWatch(provider, metadata: files, clock: clock, logger: logger) {
            try await Self.access { try read() }
        }
    }

    /// What the files hold. Blocks.
    private func read() throws -> TLSIdentity {
        func text(_ path: FilePath) throws -> String {
            String(decoding: try Data(contentsOf: URL(filePath: path.string)), as: UTF8.self)
        }
        return TLSIdentity(certificate: try text(certificate), key: try text(key))
    }

    /// Puts `identity` in the place of what the files hold. Blocks.
    private func save(_ identity: TLSIdentity) throws {
        try PEMFile.replace(key, with: identity.key, mode: [.ownerReadWrite])
        try PEMFile.replace(
            certificate, with: identity.certificate, mode: [.ownerReadWrite, .groupRead, .otherRead])
    }

    /// One at a time: nobody reads what is half replaced.
    private static let queue = WorkQueue<SoleOwner>(width: 1)

    /// The result of `body`, which blocks.
    private static func access<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        guard let value = try await queue.run(body) else { throw CancellationError() }
        return value
    }

    private static var hostName: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "muster" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
