import Basics
import Crypto
import CryptoExtras
import FoundationEssentials
import SwiftASN1
import Templates
import X509

/// A private key, and the PEM text that it was made or read as.
struct KeyText {
    let key: Certificate.PrivateKey
    let pem: String

    /// How many steps a fresh RSA key counts for, with 2048 bits and with 4096; those take seconds at times.
    private static let stepsOfKey = (small: 500_000, large: 2_000_000)

    /// A fresh RSA key.
    init(bits: Int, _ context: inout TemplateContext) throws(TemplateFailure) {
        try context.spend(bits > 2048 ? Self.stepsOfKey.large : Self.stepsOfKey.small)
        do {
            let key = try _RSA.Signing.PrivateKey(keySize: .init(bitCount: bits))
            self.key = Certificate.PrivateKey(key)
            pem = key.pemRepresentation.withLineBreak
        } catch {
            throw TemplateFailure("error generating rsa key: \(error)")
        }
    }

    /// The key of a PEM text.
    init(pem: String) throws(TemplateFailure) {
        guard let document = try? PEMDocument(pemString: pem) else { throw TemplateFailure("no PEM data in input") }
        guard document.discriminator.hasByteSuffix("PRIVATE KEY") else {
            throw TemplateFailure("no private key data in PEM block of type \(document.discriminator)")
        }
        do {
            key = try Self.key(of: document, pem)
        } catch {
            throw TemplateFailure("decoding PEM of \(document.discriminator): \(error)")
        }
        self.pem = document.pemString.withLineBreak
    }

    private static func key(of document: PEMDocument, _ pem: String) throws -> Certificate.PrivateKey {
        if let key = try? Certificate.PrivateKey(pemEncoded: pem) { return key }
        let prefix = Array(document.derBytes.prefix(ed25519Prefix.count))
        guard prefix == ed25519Prefix else { return try Certificate.PrivateKey(pemEncoded: pem) }
        return Certificate.PrivateKey(
            try Curve25519.Signing.PrivateKey(rawRepresentation: document.derBytes.dropFirst(prefix.count)))
    }

    /// What stands in front of the 32 bytes of an Ed25519 key in PKCS #8.
    private static let ed25519Prefix: [UInt8] = [
        0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    ]

    /// A fresh private key of a type as PEM text, or what is wrong with the type, as sprig shows it in place of the key.
    static func fresh(_ type: String, _ context: inout TemplateContext) throws(TemplateFailure) -> String {
        switch type {
        case "", "rsa": return try KeyText(bits: 4096, &context).pem
        case "ecdsa":
            try context.spend(1000)
            return ellipticPEM(P256.Signing.PrivateKey())
        case "ed25519":
            try context.spend(1000)
            let raw = Array(Curve25519.Signing.PrivateKey().rawRepresentation)
            return PEMDocument(type: "PRIVATE KEY", derBytes: ed25519Prefix + raw).pemString.withLineBreak
        case "dsa": throw TemplateFailure("the server makes no keys of type dsa, which nothing should use any more")
        default: return "Unknown type \(type)"
        }
    }

    /// A key on P-256 in the form of SEC 1.
    private static func ellipticPEM(_ key: P256.Signing.PrivateKey) -> String {
        let head: [UInt8] = [0x30, 0x77, 0x02, 0x01, 0x01, 0x04, 0x20]
        let curve: [UInt8] = [0xA0, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
        let tail: [UInt8] = [0xA1, 0x44, 0x03, 0x42, 0x00]
        let der = head + Array(key.rawRepresentation) + curve + tail + Array(key.publicKey.x963Representation)
        return PEMDocument(type: "EC PRIVATE KEY", derBytes: der).pemString.withLineBreak
    }
}

extension String {
    /// The text with a line break at its end.
    var withLineBreak: String { hasByteSuffix("\n") ? self : self + "\n" }
}
