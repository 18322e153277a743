package import NIOCore
import NIOSSL
import SwiftASN1
package import X509

/// Certificates that clients show, already verified by TLS.
package enum ClientCertificate {
    /// The user that a connection's certificate is for: its subject's common name, if there is just one.
    package static func user(of channel: any Channel) async -> String? {
        guard let shown = try? await channel.nioSSL_peerCertificate().get(), let bytes = try? shown.toDERBytes(),
            let certificate = try? Certificate(derEncoded: bytes)
        else { return nil }
        return user(in: certificate.subject)
    }

    /// The user that a subject names.
    package static func user(in subject: DistinguishedName) -> String? {
        let names = subject.flatMap { part in
            part.compactMap { $0.type == .RDNAttributeType.commonName ? String($0.value) : nil }
        }
        return names.count == 1 ? names.first : nil
    }
}
