import Basics
import FoundationEssentials
import SwiftASN1
import Testing
import X509

/// Keys and certificates that templates make.
@Suite struct CertificateTests {
    private static let authority = "{{$ca := genCAWithKey `my ca` 10 (genPrivateKey `ed25519`)}}"

    @Test(arguments: [("ecdsa", "EC PRIVATE KEY"), ("ed25519", "PRIVATE KEY")])
    func `a key that was made can be used`(type: String, title: String) throws {
        #expect(try shown("{{genPrivateKey `\(type)`}}").hasPrefix("-----BEGIN \(title)-----\n"))
        let text =
            "{{$k := genPrivateKey `\(type)`}}{{$c := genSelfSignedCertWithKey `x` nil nil 1 $k}}{{eq $c.Key $k}}"
        #expect(try shown(text) == "true")
    }

    @Test func `a key of an unknown or broken type is none`() throws {
        #expect(try shown("{{genPrivateKey `x`}}") == "Unknown type x")
        #expect(try shown("{{genPrivateKey `dsa`}}").hasPrefix("error: error calling genPrivateKey"))
        let error = "error: error calling genCAWithKey: parsing private key: no PEM data in input"
        #expect(try shown("{{genCAWithKey `ca` 1 `x`}}") == error)
    }

    @Test func `a certificate is signed by the authority and names hosts and addresses`() throws {
        let made = try shown(
            Self.authority + "{{$ca.Cert}}|{{(genSignedCertWithKey `host` (list `10.0.0.1` `::1`) (list `a.b`) 5 $ca "
                + "(genPrivateKey `ecdsa`)).Cert}}")
        let texts = made.parts(of: "|")
        let authority = try Certificate(pemEncoded: texts[0])
        let certificate = try Certificate(pemEncoded: texts[1])
        #expect("\(certificate.subject)" == "CN=host" && certificate.issuer == authority.subject)
        #expect(authority.publicKey.isValidSignature(certificate.signature, for: certificate))
        #expect(try certificate.extensions.subjectAlternativeNames?.count == 3)
        #expect(try authority.extensions.basicConstraints == .isCertificateAuthority(maxPathLength: nil))
        #expect(try certificate.extensions.basicConstraints == .notCertificateAuthority)
        let days = certificate.notValidAfter.timeIntervalSince(certificate.notValidBefore) / 86_400
        #expect(days == 5)
    }

    @Test func `a certificate with a key of its own has an RSA key`() throws {
        let made = try shown("{{$c := genSelfSignedCert `x` nil (list `a.b`) 1}}{{$c.Key}}|{{$c.Cert}}").parts(of: "|")
        #expect(made[0].hasPrefix("-----BEGIN RSA PRIVATE KEY-----\n"))
        #expect("\(try Certificate(pemEncoded: made[1]).subject)" == "CN=x")
    }

    @Test func `a certificate in base64 is taken apart`() throws {
        let text =
            Self.authority + "{{$c := buildCustomCert (b64enc $ca.Cert) (b64enc $ca.Key)}}{{eq $c.Cert $ca.Cert}}"
        #expect(try shown(text) == "true")
        let error = "error: error calling buildCustomCert: unable to decode base64 certificate"
        #expect(try shown("{{buildCustomCert `!` ``}}") == error)
        #expect(
            try shown("{{buildCustomCert `` ``}}")
                == "error: error calling buildCustomCert: unable to decode certificate")
    }

    @Test(arguments: [
        ("(list 1) nil", "error parsing ip: 1 is not a string"), ("(list `1.2`) nil", "error parsing ip: 1.2"),
        ("nil (list 1)", "error processing alternate dns name: 1 is not a string"),
    ])
    func `names that are none are told`(names: String, message: String) throws {
        let text = "{{genSelfSignedCertWithKey `x` \(names) 1 (genPrivateKey `ecdsa`)}}"
        #expect(try shown(text) == "error: error calling genSelfSignedCertWithKey: \(message)")
    }
}
