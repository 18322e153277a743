import Basics
import JSON
import StoreTesting
import Testing
import Tracker

@testable import Access

/// The vectors are made by PyNaCl's `crypto_box`.
struct SecureDataTests {
    private let nonce: [UInt8] = Array(50..<74)

    private func pair(_ first: UInt8) throws -> KeyPair { try #require(KeyPair(privateKey: Array(first..<first + 32))) }

    @Test func `public keys are those of another implementation`() throws {
        #expect(
            try Hexadecimal.encode(pair(0).publicKey)
                == "8f40c5adb68f25624ae5b214ea767a6ec94d829d3d7b5e1ad1ba6f3e2138285f")
        #expect(
            try Hexadecimal.encode(pair(100).publicKey)
                == "7d9c24316539825c1896e57f28197746793ce60cbee3ad47da9d07b85fa55e2a")
        #expect(KeyPair(privateKey: Array(0..<31)) == nil)
        #expect(KeyPair(privateKey: []) == nil)
    }

    @Test(arguments: [
        ("null", "9e7e17c44c159c1f21f2eb521f6b7f5464725e70"),
        ("\"secret\"", "969d50cbb3f9c90067bb7ff2d7f5c29b2874577ff3489d0e"),
        (
            #"{"a":[1,2,3],"b":"ä"}"#,
            "521f415879b199694850170eb24dbea57125533ebb76d800b496a5a2be592bae00b95a941b66"
        ),
    ])
    func `boxes are those of another implementation`(text: String, payload: String) throws {
        let (sender, owner) = (try pair(0), try pair(100))
        let box = try SecureData.seal(Array(text.utf8), for: owner.publicKey, from: sender, nonce: nonce)
        #expect(Hexadecimal.encode(box.payload) == payload)
        #expect(box.key == sender.publicKey)
        #expect(try JSONDocument(box.open(with: owner)).description == text)
    }

    @Test(arguments: ["7693545a2db223fb2d837673fb741f256468463ceb5e8642", "ac03599bf3281ba948d4dc715864f714"])
    func `a box that holds no JSON is corrupted`(payload: String) throws {
        let box = try SecureData(
            key: pair(0).publicKey, nonce: nonce, payload: #require(Hexadecimal.decode(payload)))
        #expect(throws: SealedError.corrupted) { try box.open(with: pair(100)) }
    }

    @Test func `only the owner opens a box, and only as it was`() throws {
        let owner = try pair(100)
        let value: JSONValue = ["password": "r0cket", "n": 1]
        let box = try SecureData.seal(value, for: owner.publicKey, Environment())
        #expect(try box.open(with: owner) == value)
        #expect(throws: SealedError.corrupted) { try box.open(with: pair(0)) }
        for index in box.payload.indices {
            var payload = box.payload
            payload[index] ^= 1
            let changed = try SecureData(key: box.key, nonce: box.nonce, payload: payload)
            #expect(throws: SealedError.corrupted) { try changed.open(with: owner) }
        }
        let other = try SecureData(key: box.key, nonce: Array(0..<24), payload: box.payload)
        #expect(throws: SealedError.corrupted) { try other.open(with: owner) }
    }

    @Test func `no two boxes of a value are alike`() throws {
        let owner = try pair(100)
        let boxes = try (0..<2).map { _ in try SecureData.seal("x", for: owner.publicKey, Environment()) }
        #expect(boxes[0].key != boxes[1].key)
        #expect(boxes[0].nonce != boxes[1].nonce)
        #expect(boxes[0].payload.count == 3 + SecureData.overhead)
    }

    @Test func `wrong lengths are told in the words that clients know`() {
        let (key, nonce) = ([UInt8](repeating: 1, count: 32), [UInt8](repeating: 2, count: 24))
        func text(_ key: [UInt8], _ nonce: [UInt8], _ payload: [UInt8]) -> String? {
            do throws(SealedError) {
                _ = try SecureData(key: key, nonce: nonce, payload: payload)
                return nil
            } catch {
                return error.description
            }
        }
        #expect(text(Array(key.dropLast()), nonce, key) == "Key must be 32 bytes long")
        #expect(text(key + [0], [], []) == "Key must be 32 bytes long")
        #expect(text(key, nonce + [0], key) == "Nonce must be 24 bytes long")
        #expect(text(key, nonce, Array(repeating: 0, count: 15)) == "SecureData corrupted")
        #expect(text(key, nonce, Array(repeating: 0, count: 16)) == nil)
    }

    @Test func `nothing is sealed for what is no key`() {
        #expect(throws: SealedError.keyLength) { try SecureData.seal("x", for: [1, 2, 3], Environment()) }
        // The neutral element, under which everybody could open the box.
        let zero = [UInt8](repeating: 0, count: 32)
        #expect(throws: SealedError.corrupted) { try SecureData.seal("x", for: zero, Environment()) }
    }

    @Test func `a box travels as three texts in base64`() throws {
        let box = try SecureData.seal("x", for: pair(100).publicKey, Environment())
        #expect(try SecureData(box.value) == box)
        #expect(box.value.objectValue?.keys == ["Key", "Nonce", "Payload"])
        #expect(SecureData.isSealed(box.value))
        #expect(!SecureData.isSealed(["Key": "x", "Nonce": "y"]))
        #expect(!SecureData.isSealed(["Key": "x", "Nonce": "y", "Payload": "z", "More": 1]))
        #expect(!SecureData.isSealed("x"))
    }

    @Test(
        arguments: [
            "x", [], ["Key": "*", "Nonce": "", "Payload": ""],
        ] as [JSONValue])
    func `what is no box is corrupted`(value: JSONValue) {
        #expect(throws: SealedError.corrupted) { try SecureData(value) }
    }

    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func `no bytes make opening fail in another way`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) } }
        let owner = try pair(100)
        for _ in 0..<20 {
            let box = try SecureData(
                key: bytes(32), nonce: bytes(24), payload: bytes(Int.random(in: 16...200, using: &random)))
            #expect(throws: SealedError.corrupted, "seed \(seed)") { try box.open(with: owner) }
        }
    }
}
