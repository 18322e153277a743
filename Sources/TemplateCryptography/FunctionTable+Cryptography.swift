import Basics
import Crypto
import CryptoExtras
import FoundationEssentials
public import Templates

extension FunctionTable {
    /// Sprig's functions for digests, passwords, keys and certificates. Those that take long count for many steps, so that a
    /// template can call them a few times only.
    public static let cryptography = FunctionTable(digests).merging(FunctionTable(passwords))
        .merging(FunctionTable(certificates))

    private static let digests: [Identifier: TemplateFunction] = [
        "sha1sum": .text { text, _ throws(TemplateFailure) in
            hexadecimal(Insecure.SHA1.hash(data: Array(text.utf8)))
        },
        "sha256sum": .text { text, _ throws(TemplateFailure) in hexadecimal(SHA256.hash(data: Array(text.utf8))) },
        "sha512sum": .text { text, _ throws(TemplateFailure) in hexadecimal(SHA512.hash(data: Array(text.utf8))) },
    ]

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        Hexadecimal.encode(Array(bytes))
    }

    private static let passwords: [Identifier: TemplateFunction] = [
        "bcrypt": .text { text, context throws(TemplateFailure) in try PasswordText.bcrypt(text, &context) },
        "htpasswd": .of(.string, .string) { values, context throws(TemplateFailure) in
            let name = values[0].string
            guard !name.utf8.contains(UInt8(ascii: ":")) else { return .string("invalid username: \(name)") }
            return .string("\(name):\(try PasswordText.bcrypt(values[1].string, &context))")
        },
        "derivePassword": .of(.unsigned(.uint32), .string, .string, .string, .string) {
            values, context throws(TemplateFailure) in
            guard case .unsigned(let counter, _) = values[0] else { return "" }
            let texts = values.dropFirst().map(\.string)
            return .string(
                try PasswordText.derived(
                    counter: UInt32(truncatingIfNeeded: counter), kind: texts[0], password: texts[1], user: texts[2],
                    site: texts[3], &context))
        },
        "encryptAES": .of(.string, .string) { values, context throws(TemplateFailure) in
            .string(try PasswordText.encrypted(values[1].string, password: values[0].string, &context))
        },
        "decryptAES": .of(.string, .string) { values, _ throws(TemplateFailure) in
            .string(try PasswordText.decrypted(values[1].string, password: values[0].string))
        },
    ]
}
