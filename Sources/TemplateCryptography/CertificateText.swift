import Basics
import Crypto
import FoundationEssentials
import Glibc
import SwiftASN1
import Templates
import X509

/// A certificate and its private key, both in PEM, as templates have them.
struct CertificateText: TemplateObject {
    let certificate: String
    let key: String

    static let type = GoType.named("sprig.certificate")

    let typeName = type.description
    let fieldNames = ["Cert", "Key"]

    func member(_ name: String) -> TemplateMember? {
        switch name {
        case "Cert": .field(.string(certificate))
        case "Key": .field(.string(key))
        default: nil
        }
    }

    /// A certificate and a key that exist already, both in base64.
    init(base64 certificate: String, key: String) throws(TemplateFailure) {
        guard let certificate = Base64.decode(certificate) else {
            throw TemplateFailure("unable to decode base64 certificate")
        }
        guard let key = Base64.decode(key) else { throw TemplateFailure("unable to decode base64 private key") }
        self.certificate = String(decoding: certificate, as: UTF8.self)
        self.key = String(decoding: key, as: UTF8.self)
        _ = try Self.parsed(self.certificate)
        do throws(TemplateFailure) {
            _ = try KeyText(pem: self.key)
        } catch {
            throw TemplateFailure("error parsing private key: \(error)")
        }
    }

    private static func parsed(_ pem: String) throws(TemplateFailure) -> Certificate {
        guard let document = try? PEMDocument(pemString: pem) else {
            throw TemplateFailure("unable to decode certificate")
        }
        do {
            return try Certificate(pemDocument: document)
        } catch {
            throw TemplateFailure("error parsing certificate: decodedCert.Bytes: \(error)")
        }
    }

    /// What a new certificate is for.
    struct Request {
        let name: String
        let days: Int
        var alternatives: [GeneralName] = []
        var isAuthority = false
    }

    /// A new certificate, signed by another one, or by its own key without one.
    init(
        _ request: Request, key: KeyText, signer: CertificateText? = nil, _ context: inout TemplateContext
    ) throws(TemplateFailure) {
        try context.spend(10_000)
        let issuer = try signer.map { signer throws(TemplateFailure) in try Self.parsed(signer.certificate).subject }
        var signingKey = key
        if let signer {
            do throws(TemplateFailure) {
                signingKey = try KeyText(pem: signer.key)
            } catch {
                throw TemplateFailure("error parsing private key: \(error)")
            }
        }
        do {
            let made = try Self.make(request, key.key, issuer: issuer, signingKey.key, context.environment.now())
            certificate = try made.serializeAsPEM().pemString.withLineBreak
        } catch {
            throw TemplateFailure("error creating certificate: \(error)")
        }
        self.key = key.pem
    }

    private static func make(
        _ request: Request, _ key: Certificate.PrivateKey, issuer: DistinguishedName?,
        _ signingKey: Certificate.PrivateKey, _ now: Timestamp
    ) throws -> Certificate {
        let subject = try DistinguishedName { CommonName(request.name) }
        let start = Date(timeIntervalSince1970: Double(now.seconds))
        // A hundred years and a thousand are both for ever.
        let days = max(-36_500, min(36_500, request.days))
        return try Certificate(
            version: .v3, serialNumber: .init(), publicKey: key.publicKey, notValidBefore: start,
            notValidAfter: start.addingTimeInterval(Double(days) * 86_400), issuer: issuer ?? subject, subject: subject,
            extensions: try Certificate.Extensions {
                Critical(KeyUsage(digitalSignature: true, keyEncipherment: true, keyCertSign: request.isAuthority))
                try ExtendedKeyUsage([.serverAuth, .clientAuth])
                Critical(
                    request.isAuthority
                        ? BasicConstraints.isCertificateAuthority(maxPathLength: nil)
                        : BasicConstraints.notCertificateAuthority)
                if !request.alternatives.isEmpty { SubjectAlternativeNames(request.alternatives) }
            },
            issuerPrivateKey: signingKey)
    }

    /// The addresses and host names of two lists.
    static func names(
        addresses: TemplateValue, hosts: TemplateValue, _ context: inout TemplateContext
    ) throws(TemplateFailure) -> [GeneralName] {
        var ends: [GeneralName] = []
        for value in addresses.elements {
            guard case .string(let text) = value else {
                throw TemplateFailure("error parsing ip: \(try context.text(of: value)) is not a string")
            }
            guard let bytes = address(text) else { throw TemplateFailure("error parsing ip: \(text)") }
            ends.append(.ipAddress(ASN1OctetString(contentBytes: bytes[...])))
        }
        var names: [GeneralName] = []
        for value in hosts.elements {
            guard case .string(let host) = value else {
                let text = try context.text(of: value)
                throw TemplateFailure("error processing alternate dns name: \(text) is not a string")
            }
            names.append(.dnsName(host))
        }
        return names + ends
    }

    private static func address(_ text: String) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 { return Array(bytes.prefix(4)) }
        return inet_pton(AF_INET6, text, &bytes) == 1 ? bytes : nil
    }
}

extension TemplateValue {
    /// The elements of a slice; none of anything else.
    fileprivate var elements: [TemplateValue] {
        guard case .list(let list) = self else { return [] }
        return list.elements
    }
}
