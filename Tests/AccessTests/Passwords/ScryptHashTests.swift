import StoreTesting
import Testing

@testable import Access

struct ScryptHashTests {
    /// Texts of Python's `hashlib.scrypt`.
    private static let vectors = [
        (
            "r0cketsk8ts",
            "16384$8$1$000102030405060708090a0b0c0d0e0f$f0aec9179db7b604da6c948ca27734a766758fdadd968f5736f44ab9c0423a7b"
        ),
        (
            "",
            "1024$8$1$ffffffffffffffffffffffffffffffff$efc9919158b0cc47c475abecdf9a31f4db2882405ed657f3dc6960d34fe4599d"
        ),
        ("pässwörd ✓", "16$1$1$73616c7473616c74$7f139986d1f7ffe61c4ff6ff269c4b30"),
        (
            "password",
            "1024$8$16$4e61436c4e61436c$5ec0b6653757278cec7f355d46d4d034d497313a2a7feb5c4b189317953f116e"
                + "1b42b982d2d1522e2aac4a00130c996cba4fdb539f1f7bdf56854a398b30e93f"
        ),
        (
            String(repeating: "x", count: 200),
            "4096$4$2$000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f$6d8df46cb3c229de9c97ed8dcd3d2fd6"
                + "ee3e175ddb4b4a8fb8a65c533893b87eb879105222fc955b87bf6e9c9b7d5b39"
        ),
    ]

    @Test(arguments: vectors)
    func `hashes are those of another implementation`(password: String, text: String) throws {
        let hash = try #require(ScryptHash(text))
        #expect(hash.text == text)
        #expect(hash.matches(password))
        #expect(!hash.matches(password + "x"))
        #expect(!hash.matches(String(password.dropLast()) + "y"))
    }

    @Test func `a new hash has the usual parameters and matches its password only`() throws {
        let hash = try #require(ScryptHash(password: "r0cketsk8ts", salt: Array(0...15)))
        #expect(hash == AccessFixture.defaultHash)
        #expect(hash.text.hasPrefix("16384$8$1$"))
    }

    @Test func `the field holds the text in base64`() {
        let hash = AccessFixture.defaultHash
        #expect(hash.fieldText.hasPrefix("MTYzODQkOCQxJDAwMDEwMjAz"))
        #expect(ScryptHash(field: hash.fieldText) == hash)
        #expect(ScryptHash(field: "") == nil)
        #expect(ScryptHash(field: "no base64!") == nil)
        #expect(ScryptHash(field: "aGVsbG8=") == nil)
    }

    @Test(arguments: [
        "", "$$$$", "16384$8$1$00$00", "16$1$1$73616c7473616c74",
        "16$1$1$73616c7473616c74$7f139986d1f7ffe61c4ff6ff269c4b30$",
        "0$1$1$S$K", "1$1$1$S$K", "15$1$1$S$K", "-16$1$1$S$K", "+16$1$1$S$K", "16$0$1$S$K", "16$1$0$S$K", " 16$1$1$S$K",
        "16$1$1$73616c7473616c7$K", "16$1$1$zz616c7473616c74$K", "16$1$1$S$7f13", "16.0$1$1$S$K", "1e4$1$1$S$K",
        "١٦$1$1$S$K",
    ])
    func `what is no hash is none`(text: String) {
        #expect(ScryptHash(Self.filled(text)) == nil)
    }

    @Test(arguments: [
        "1048576$8$1$S$K",  // 1 GiB of memory
        "1073741824$1$1$S$K",  // 128 GiB
        "16384$8$1000000$S$K",  // three hours
        "2$1073741824$1$S$K",  // overflows the library's sizes
        "9223372036854775808$8$1$S$K",  // more than 64 bits
        "16384$9999999999$9999999999$S$K",
    ])
    func `hashes that would bring the server down are none`(text: String) {
        #expect(ScryptHash(Self.filled(text)) == nil)
    }

    @Test func `costs up to eight times the standard are taken`() {
        #expect(ScryptHash.Cost(rounds: 65536, blockSize: 8, parallelism: 1) != nil)
        #expect(ScryptHash.Cost(rounds: 16384, blockSize: 8, parallelism: 8) != nil)
        #expect(ScryptHash.Cost(rounds: 131_072, blockSize: 8, parallelism: 1) == nil)
        #expect(ScryptHash.Cost(rounds: 16384, blockSize: 8, parallelism: 9) == nil)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `no text makes the parser fail or accept more than its own form`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let alphabet = Array("0123456789abcdefAF$$$ -.x\u{0}é")
        for _ in 0..<200 {
            var text = AccessFixture.defaultHash.text
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let index = text.index(text.startIndex, offsetBy: Int.random(in: 0..<text.count, using: &random))
                if let character = alphabet.randomElement(using: &random), Bool.random(using: &random) {
                    text.insert(character, at: index)
                } else {
                    text.remove(at: index)
                }
            }
            guard let hash = ScryptHash(text) else { continue }
            #expect(ScryptHash(hash.text) == hash, "seed \(seed), text \(text)")
            #expect(hash.cost.rounds * hash.cost.blockSize * 128 <= 64 << 20, "seed \(seed), text \(text)")
        }
    }

    /// With a right salt and key for `S` and `K`, so that only the rest can be wrong.
    private static func filled(_ text: String) -> String {
        text.replacing("$S", with: "$73616c7473616c74").replacing("$K", with: "$7f139986d1f7ffe61c4ff6ff269c4b30")
    }
}
