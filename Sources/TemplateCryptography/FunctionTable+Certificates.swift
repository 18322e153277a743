import Basics
import Templates

extension FunctionTable {
    /// Keys and certificates.
    static let certificates: [Identifier: TemplateFunction] = [
        "genPrivateKey": .text { type, context throws(TemplateFailure) in try KeyText.fresh(type, &context) },
        "buildCustomCert": .of(.string, .string) { values, _ throws(TemplateFailure) in
            .object(try CertificateText(base64: values[0].string, key: values[1].string))
        },
        "genCA": .of(.string, .int) { values, context throws(TemplateFailure) in
            try authority(values, try KeyText(bits: 2048, &context), &context)
        },
        "genCAWithKey": .of(.string, .int, .string) { values, context throws(TemplateFailure) in
            try authority(values, try key(values[2]), &context)
        },
        "genSelfSignedCert": .of(.string, .anyList, .anyList, .int) { values, context throws(TemplateFailure) in
            try certificate(values, try KeyText(bits: 2048, &context), nil, &context)
        },
        "genSelfSignedCertWithKey": .of(.string, .anyList, .anyList, .int, .string) {
            values, context throws(TemplateFailure) in
            try certificate(values, try key(values[4]), nil, &context)
        },
        "genSignedCert": .of(.string, .anyList, .anyList, .int, CertificateText.type) {
            values, context throws(TemplateFailure) in
            try certificate(values, try KeyText(bits: 2048, &context), values[4], &context)
        },
        "genSignedCertWithKey": .of(.string, .anyList, .anyList, .int, CertificateText.type, .string) {
            values, context throws(TemplateFailure) in
            try certificate(values, try key(values[5]), values[4], &context)
        },
    ]

    private static func key(_ pem: TemplateValue) throws(TemplateFailure) -> KeyText {
        do throws(TemplateFailure) {
            return try KeyText(pem: pem.string)
        } catch {
            throw TemplateFailure("parsing private key: \(error)")
        }
    }

    private static func authority(
        _ values: [TemplateValue], _ key: KeyText, _ context: inout TemplateContext
    ) throws(TemplateFailure) -> TemplateValue {
        let request = CertificateText.Request(name: values[0].string, days: values[1].int, isAuthority: true)
        return .object(try CertificateText(request, key: key, &context))
    }

    private static func certificate(
        _ values: [TemplateValue], _ key: KeyText, _ signer: TemplateValue?, _ context: inout TemplateContext
    ) throws(TemplateFailure) -> TemplateValue {
        var signerText: CertificateText?
        if case .object(let object)? = signer { signerText = object as? CertificateText }
        let names = try CertificateText.names(addresses: values[1], hosts: values[2], &context)
        let request = CertificateText.Request(name: values[0].string, days: values[3].int, alternatives: names)
        return .object(try CertificateText(request, key: key, signer: signerText, &context))
    }
}
