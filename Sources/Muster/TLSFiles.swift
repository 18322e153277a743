import Glibc
import NIOSSL
import SystemPackage

/// The API's certificate and key.
struct TLSFiles {
    let certificate: FilePath
    let key: FilePath

    /// What the server offers: TLS 1.2 and later, with these files, made first if they are not there.
    ///
    /// - Throws: `StartError` naming the file that cannot be used.
    func configuration() throws -> TLSConfiguration {
        do {
            try SelfSignedCertificate.ensure(certificate: certificate, key: key, names: [Self.hostName, "localhost"])
            let chain = try NIOSSLCertificate.fromPEMFile(certificate.string).map {
                NIOSSLCertificateSource.certificate($0)
            }
            let privateKey = try NIOSSLPrivateKey(file: key.string, format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain, privateKey: .privateKey(privateKey))
            configuration.minimumTLSVersion = .tlsv12
            return configuration
        } catch {
            throw StartError("the certificate \(certificate) or its key \(key) cannot be used: \(error)")
        }
    }

    private static var hostName: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "muster" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
