import Crypto
import FoundationEssentials
import SwiftASN1
import SystemPackage
import X509

/// The certificate of a server that was given none (C §1).
enum SelfSignedCertificate {
    /// Makes certificate and key, unless the certificate's file is there already.
    ///
    /// - Parameters:
    ///   - certificate: the file of the certificate, in PEM.
    ///   - key: the file of its private key, in PEM, readable by its owner alone.
    ///   - names: the host names it is for.
    ///   - now: the start of its ten years.
    /// - Returns: whether new files were written.
    /// - Throws: when the files cannot be written.
    @discardableResult
    static func ensure(
        certificate: FilePath, key: FilePath, names: [String], now: Date = Date()
    ) throws -> Bool {
        let files = FileManager.default
        if files.fileExists(atPath: certificate.string), files.fileExists(atPath: key.string) { return false }
        let privateKey = P256.Signing.PrivateKey()
        let made = try make(names: names, key: .init(privateKey), now: now)
        try PEMFile.replace(key, with: privateKey.pemRepresentation + "\n", mode: [.ownerReadWrite])
        try PEMFile.replace(
            certificate, with: made.serializeAsPEM().pemString + "\n", mode: [.ownerReadWrite, .groupRead, .otherRead])
        return true
    }

    private static func make(names: [String], key: Certificate.PrivateKey, now: Date) throws -> Certificate {
        let subject = try DistinguishedName {
            CommonName(names.first ?? "muster")
            OrganizationName("Muster")
        }
        return try Certificate(
            version: .v3, serialNumber: .init(), publicKey: key.publicKey,
            notValidBefore: now.addingTimeInterval(-3600), notValidAfter: now.addingTimeInterval(3650 * 86400),
            issuer: subject, subject: subject, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                Critical(KeyUsage(digitalSignature: true, keyCertSign: true))
                SubjectAlternativeNames(names.map { .dnsName($0) })
            },
            issuerPrivateKey: key)
    }
}
