import Basics
import CCrypt
import Crypto
import CryptoExtras
import FoundationEssentials
import Glibc
import Templates

/// Passwords hashed, derived from others, and used as keys.
enum PasswordText {
    /// How many steps one hash counts for; it takes a twentieth of a second.
    private static let stepsOfHash = 200_000

    /// How many steps one derivation counts for; it takes 32 MiB of memory and some tenths of a second.
    private static let stepsOfDerivation = 1_000_000

    /// A bcrypt hash with a fresh salt.
    static func bcrypt(_ password: String, _ context: inout TemplateContext) throws(TemplateFailure) -> String {
        try context.spend(stepsOfHash)
        let digits = Array("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
        var salt = context.environment.randomBytes(22).map { digits[Int($0) & 63] }
        // The last digit holds two bits only.
        salt[21] = digits[Int(context.environment.randomBytes(1)[0] & 3) << 4]
        let setting = "$2a$10$" + String(decoding: salt, as: UTF8.self)
        // As in Go, bytes beyond the 72nd do not count, nor does anything behind a zero byte.
        let key = String(decoding: password.utf8.prefix { $0 != 0 }, as: UTF8.self)
        let hash = withUnsafeTemporaryAllocation(of: crypt_data.self, capacity: 1) { data -> String? in
            data.initialize(repeating: crypt_data())
            defer { data.deinitialize() }
            guard let text = crypt_r(key, setting, data.baseAddress) else { return nil }
            return String(cString: text)
        }
        guard let hash, hash.hasBytePrefix("$2a$") else {
            throw TemplateFailure("the system's library hashes no passwords with bcrypt")
        }
        return hash
    }

    // MARK: Derived passwords

    /// What each kind of password is made of.
    private static let patterns: [Identifier: [String]] = [
        "maximum": ["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"],
        "long": [
            "CvcvnoCvcvCvcv", "CvcvCvcvnoCvcv", "CvcvCvcvCvcvno", "CvccnoCvcvCvcv", "CvccCvcvnoCvcv", "CvccCvcvCvcvno",
            "CvcvnoCvccCvcv", "CvcvCvccnoCvcv", "CvcvCvccCvcvno", "CvcvnoCvcvCvcc", "CvcvCvcvnoCvcc", "CvcvCvcvCvccno",
            "CvccnoCvccCvcv", "CvccCvccnoCvcv", "CvccCvccCvcvno", "CvcvnoCvccCvcc", "CvcvCvccnoCvcc", "CvcvCvccCvccno",
            "CvccnoCvcvCvcc", "CvccCvcvnoCvcc", "CvccCvcvCvccno",
        ],
        "medium": ["CvcnoCvc", "CvcCvcno"],
        "short": ["Cvcn"],
        "basic": ["aaanaaan", "aannaaan", "aaannaaa"],
        "pin": ["nnnn"],
    ]

    /// What each letter of a pattern stands for.
    private static let characters: [Character: String] = [
        "V": "AEIOU", "C": "BCDFGHJKLMNPQRSTVWXYZ", "v": "aeiou", "c": "bcdfghjklmnpqrstvwxyz",
        "A": "AEIOUBCDFGHJKLMNPQRSTVWXYZ", "a": "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz",
        "n": "0123456789", "o": "@&%?,=[]_:-+*$#!'^~;()/.",
        "x": "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()",
    ]

    private static let seed = Array("com.lyndir.masterpassword".utf8)

    /// The password of a site by the algorithm of Master Password: the same arguments give the same password.
    static func derived(
        counter: UInt32, kind: String, password: String, user: String, site: String,
        _ context: inout TemplateContext
    ) throws(TemplateFailure) -> String {
        guard let patterns = patterns[Identifier(kind)] else { return "cannot find password template \(kind)" }
        try context.spend(stepsOfDerivation)
        let salt = seed + bytes(UInt32(truncatingIfNeeded: user.utf8.count)) + Array(user.utf8)
        let key: SymmetricKey
        do {
            key = try KDF.Scrypt.deriveKey(
                from: Array(password.utf8), salt: salt, outputByteCount: 64, rounds: 32_768, blockSize: 8,
                parallelism: 2, maxMemory: 128 << 20)
        } catch {
            return "failed to derive password: \(error)"
        }
        let message = seed + bytes(UInt32(truncatingIfNeeded: site.utf8.count)) + Array(site.utf8) + bytes(counter)
        let code = Array(HMAC<SHA256>.authenticationCode(for: message, using: key))
        let pattern = patterns[Int(code[0]) % patterns.count]
        var result: [UInt8] = []
        for (letter, byte) in zip(pattern, code.dropFirst()) {
            let choices = Array((characters[letter] ?? "").utf8)
            result.append(choices[Int(byte) % choices.count])
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func bytes(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    // MARK: Encryption

    private static func key(_ password: String) -> SymmetricKey {
        SymmetricKey(data: Array((Array(password.utf8) + [UInt8](repeating: 0, count: 32)).prefix(32)))
    }

    /// The text encrypted by AES-256 in CBC mode, behind a fresh initial vector, in base64.
    static func encrypted(
        _ text: String, password: String, _ context: inout TemplateContext
    ) throws(TemplateFailure) -> String {
        guard !text.isEmpty else { return "" }
        let start = context.environment.randomBytes(16)
        do {
            let vector = try AES._CBC.IV(ivBytes: start)
            let sealed = try AES._CBC.encrypt(Array(text.utf8), using: key(password), iv: vector)
            return Base64.encode(start + Array(sealed))
        } catch {
            throw TemplateFailure("\(error)")
        }
    }

    /// The text that ``encrypted(_:password:_:)`` made something of.
    static func decrypted(_ text: String, password: String) throws(TemplateFailure) -> String {
        guard !text.isEmpty else { return "" }
        guard let bytes = Base64.decode(text) else { throw TemplateFailure("illegal base64 data") }
        guard bytes.count >= 32, bytes.count % 16 == 0 else {
            throw TemplateFailure("crypto/cipher: input not full blocks")
        }
        do {
            let vector = try AES._CBC.IV(ivBytes: Array(bytes.prefix(16)))
            let opened = try AES._CBC.decrypt(Array(bytes.dropFirst(16)), using: key(password), iv: vector)
            return String(decoding: opened, as: UTF8.self)
        } catch {
            throw TemplateFailure("the password does not fit what was encrypted")
        }
    }
}
