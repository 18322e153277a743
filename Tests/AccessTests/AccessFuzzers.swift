import Basics
import FuzzTesting
import JSON
import Provisioning
import Testing
import Tracker

@testable import Access

/// What callers show to be known, and what says what they may do.
@Suite struct AccessFuzzers {
    static let all = [
        Fuzzer.text("token") { text in
            let key = TokenKey("01234567890123456789012345678901")
            try FuzzFailure.unless(TokenText.verify(text, with: key) == nil, "a token that nobody signed is believed")
            for part in text.split(separator: ".") {
                guard let payload = Base64URL.decode(part) else { continue }
                try FuzzFailure.unless(
                    Base64URL.encode(payload).utf8.elementsEqual(part.utf8), "base64 reads back otherwise")
                if let token = Token(payload: payload) { _ = TokenText.sign(token, with: key) }
            }
            _ = (Hexadecimal.decode(text), try? TokenLifetime.parse(text, .provisioning))
        },
        Fuzzer("token-payload", words: ["sub", "iss", "exp", "seal", "roles", "claims", "only"]) { bytes in
            guard let token = Token(payload: bytes) else { return }
            try FuzzFailure.unless(Token(payload: token.payload) == token, "it reads back as another token")
        },
        Fuzzer.text("password-hash", words: ["$", "16384", "ff"]) { text in
            guard let hash = ScryptHash(text) else { return }
            try FuzzFailure.unless(ScryptHash(hash.text) == hash, "it reads back as another hash")
        },
        Fuzzer("sealed", words: ["Key", "Nonce", "Payload", "AAAA", "="]) { bytes in
            guard let value = try? JSONValue(parsing: bytes), let box = try? SecureData(value) else { return }
            try FuzzFailure.unless((try? SecureData(box.value)) == box, "it reads back as another box")
        },
        Fuzzer("claim", words: ["scope", "action", "specific", "*", "update:/Params/a", "action:"]) { bytes in
            guard let value = try? JSONValue(parsing: bytes) else { return }
            for claim in Claim.list(value) { _ = (Claim.items(claim.scope), Claim.verb(of: claim.action), claim.value) }
        },
    ]

    @Test(arguments: all) func `take whatever they are given`(fuzzer: Fuzzer) async throws { try await fuzzer.run() }
}
