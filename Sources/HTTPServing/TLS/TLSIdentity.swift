import NIOCore
package import NIOSSL

/// A certificate, with those that vouch for it, and its private key, as PEM texts.
public struct TLSIdentity: Sendable, Hashable {
    /// The certificate, and after it those between it and its authority.
    public let certificate: String
    /// Its private key.
    public let key: String

    /// An identity of its texts; whether they make sense shows when it is used.
    public init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }

    /// How a server with this identity speaks TLS: 1.2 and 1.3, and in it HTTP/1.1.
    ///
    /// - Parameter clientAuthorities: those whose certificates clients may show instead of a password; nil to ask for none.
    /// - Throws: when a text is no PEM, or the key is not that of the certificate.
    package func context(clientAuthorities: [NIOSSLCertificate]?) throws -> NIOSSLContext {
        let chain = try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8))
        let privateKey = try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(privateKey))
        configuration.minimumTLSVersion = .tlsv12
        // WebSocket needs HTTP/1.1, and clients take HTTP/2 when they can get it.
        configuration.applicationProtocols = ["http/1.1"]
        // Clients that keep idle connections open need not agree to their end for the server to stop.
        configuration.shutdownTimeout = .milliseconds(500)
        if let clientAuthorities {
            configuration.certificateVerification = .optionalVerification
            configuration.trustRoots = .certificates(clientAuthorities)
        }
        return try NIOSSLContext(configuration: configuration)
    }
}
