import Basics
import Provisioning
import StoreTesting
import Testing

@testable import Access

struct TokenTextTests {
    private let key = TokenKey("key")
    private let token = Token(
        .user("rob"), grantor: "tim", expiry: 1_700_000_600, roles: ["a", "b"], claims: [Claim("machines", "get", "x")],
        restrictions: [Claim("*", "list", "*")], seal: "seal")

    private var text: String { TokenText.sign(token, with: key) }

    @Test func `a signed token reads as it was`() {
        #expect(TokenText.verify(text, with: key) == token)
    }

    @Test func `all kinds of subjects survive`() {
        let subjects = [
            Principal.Subject.user("a:b"), .user(""), .machine("3f0d2a5e"), .service("discovery"), .service(""),
        ]
        for subject in subjects {
            let bare = Token(subject, grantor: "", expiry: 0, roles: nil, claims: [], restrictions: [], seal: "")
            #expect(TokenText.verify(TokenText.sign(bare, with: key), with: key) == bare)
        }
    }

    @Test func `no roles are not the same as all roles`() {
        var narrowed = token
        narrowed.roles = []
        #expect(TokenText.verify(TokenText.sign(narrowed, with: key), with: key)?.roles == [])
        narrowed.roles = nil
        #expect(TokenText.verify(TokenText.sign(narrowed, with: key), with: key)?.roles == .some(nil))
    }

    @Test func `another key refuses it`() {
        #expect(TokenText.verify(text, with: TokenKey("kez")) == nil)
    }

    @Test(arguments: [
        "no algorithm", "another algorithm", "another type", "no signature", "empty signature", "short signature",
        "padded signature", "signature of other bits", "payload of another", "padded payload", "a fourth part",
        "two parts",
        "blanks", "signature in other letters", "nothing", "dots",
    ])
    func `tampering is noticed`(how: String) {
        let parts = text.split(separator: ".").map(String.init)
        let (header, payload, signature) = (parts[0], parts[1], parts[2])
        var other = token
        other.subject = .user("rocketskates")
        let forged: String
        switch how {
        case "no algorithm": forged = Self.encoded(#"{"alg":"none","typ":"JWT"}"#) + ".\(payload)."
        case "another algorithm": forged = resigned(Self.encoded(#"{"alg":"HS512","typ":"JWT"}"#), payload)
        case "another type": forged = resigned(Self.encoded(#"{"typ":"JWT","alg":"HS256"}"#), payload)
        case "no signature": forged = "\(header).\(payload)"
        case "empty signature": forged = "\(header).\(payload)."
        case "short signature": forged = "\(header).\(payload).\(signature.dropLast(4))"
        case "padded signature": forged = text + "="
        case "signature of other bits": forged = String(text.dropLast()) + Self.next(text.last)
        case "payload of another": forged = "\(header).\(Base64URL.encode(other.payload)).\(signature)"
        case "padded payload": forged = resigned(header, payload + "==")
        case "a fourth part": forged = text + ".x"
        case "two parts": forged = "\(payload).\(signature)"
        case "blanks": forged = " " + text
        case "signature in other letters": forged = "\(header).\(payload).\(signature.uppercased())"
        case "dots": forged = "..."
        default: forged = ""
        }
        #expect(forged != text)
        #expect(TokenText.verify(forged, with: key) == nil)
    }

    @Test(arguments: [
        "", "null", "[]", "{}", #"{"sub":"user:rob"}"#, #"{"sub":1,"iss":"","exp":1,"seal":""}"#,
        #"{"sub":"user:rob","iss":"","exp":"1","seal":""}"#, #"{"sub":"user:rob","iss":"","exp":1.5,"seal":""}"#,
        #"{"sub":"user:rob","iss":"","exp":99999999999999999999,"seal":""}"#, "{\"sub\":",
    ])
    func `a signed payload that is no token is none`(payload: String) {
        #expect(
            TokenText.verify(
                resigned(Base64URL.encode(Array(#"{"alg":"HS256","typ":"JWT"}"#.utf8)), Self.encoded(payload)),
                with: key) == nil)
    }

    @Test func `a text longer than any token is not looked at`() {
        var long = token
        long.roles = (0..<4000).map { "role\($0)" }
        #expect(TokenText.verify(TokenText.sign(long, with: key), with: key) == nil)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `no change of a few bytes goes unnoticed`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<100 {
            var bytes = Array(text.utf8)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let index = bytes.indices.randomElement(using: &random) ?? 0
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<7, using: &random)
                case 1: bytes.remove(at: index)
                default: bytes.insert(UInt8.random(in: 0..<128, using: &random), at: index)
                }
            }
            let changed = String(decoding: bytes, as: UTF8.self)
            guard changed != text else { continue }
            #expect(TokenText.verify(changed, with: key) == nil, "seed \(seed): \(changed)")
        }
    }

    /// Signed with the right key, but with a first part of our choice.
    private func resigned(_ header: String, _ payload: String) -> String {
        let signed = "\(header).\(payload)"
        return "\(signed).\(Base64URL.encode(key.signature(of: signed)))"
    }

    private static func encoded(_ text: String) -> String { Base64URL.encode(Array(text.utf8)) }

    /// A letter that differs in bits which a lenient decoder drops.
    private static func next(_ letter: Character?) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        let index = letter.flatMap { letters.firstIndex(of: $0) } ?? 0
        return String(letters[index ^ 1])
    }
}
