import FoundationEssentials
import StoreTesting
import Testing

@testable import Basics

@Suite struct Base64Tests {
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func `the examples of RFC 4648 are written and read`(text: String, encoded: String) {
        #expect(Base64.encode(Array(text.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(text.utf8))
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `bytes are written as Foundation writes them`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let bytes = random.bytes(0...40)
            let text = Base64.encode(bytes)
            #expect(text == Data(bytes).base64EncodedString(), "seed \(seed)")
            #expect(Base64.decode(text) == bytes, "seed \(seed)")
        }
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `any text is read or refused as by Foundation`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<3000 {
            let digits = String(
                decoding: (0..<Int.random(in: 0...9, using: &random)).map { _ in
                    Array("AQgw/+-_9 \n".utf8).randomElement(using: &random)!
                }, as: UTF8.self)
            let text = digits + String(repeating: "=", count: (4 - digits.utf8.count % 4) % 4)
            #expect(Base64.decode(text) == Data(base64Encoded: text).map { [UInt8]($0) }, "\(text), seed \(seed)")
        }
    }

    @Test(arguments: ["=", "====", "Q===", "QQ=9", "A+=w", "AA=Q=", "Qg9===", "QQ==QQ==", "QQ", "QUI", "QUJ=="])
    func `padding stands only at the end and only as much as is needed`(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `the form for URLs has other specials, no padding, and one text for the same bytes`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let bytes = random.bytes(0...40)
            let text = Base64URL.encode(bytes)
            let standard = Base64.encode(bytes).filter { $0 != "=" }
            #expect(text == String(standard.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }), "seed \(seed)")
            #expect(Base64URL.decode(text) == bytes, "seed \(seed)")
        }
    }

    @Test(arguments: ["=", "A", "QQ==", "QR", "QUI=", "QUJ", "+A", "/A", "QQ ", "QQ\n", "Ä"])
    func `what the form for URLs does not write is refused`(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }
}
