import StoreTesting
import Testing

@testable import Basics

struct IPAddressTests {
    @Test(arguments: [
        ("0.0.0.0", "0.0.0.0"), ("192.168.124.1", "192.168.124.1"), ("255.255.255.255", "255.255.255.255"),
        ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("2001:DB8::00Ff", "2001:db8::ff"),
        ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("0:0:1:0:0:0:1:0", "0:0:1::1:0"),
        ("1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"),
        ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
        ("fe80:0:0:0:1:0:0:0", "fe80::1:0:0:0"), ("fe80:0:0:1:0:0:0:0", "fe80:0:0:1::"),
        ("::ffff:10.1.2.3", "10.1.2.3"), ("::ffff:a01:203", "10.1.2.3"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
        ("1:2:3:4:5:6:7.8.9.10", "1:2:3:4:5:6:708:90a"), ("::1.2.3.4", "::102:304"),
    ])
    func `addresses parse and are written in canonical form`(text: String, canonical: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == canonical)
        #expect(IPAddress(canonical) == address)
        #expect(IPAddress(bytes: address.bytes) == address)
    }

    @Test(arguments: [
        "", " ", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.04", "01.2.3.4", "1.2.3.", ".1.2.3", "1..2.3",
        "1.2.3.4 ", "+1.2.3.4",
        "1.2.3.-4", "0x1.2.3.4", "1.2.3.4/8", "1234.1.1.1", ":", ":::", "1:", ":1", "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9", "1::2::3",
        "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "12345::", "g::", "fe80::1%eth0", "[::1]", "1:2:3:4:5:6:7:1.2.3.4",
        "1.2.3.4::",
        "::1.2.3", "::1.2.3.4:5", "1:2:3:4::5:6:7:8", "::1.2.3.400", "1:2:::3", "₁::",
    ])
    func `what is no address is refused`(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test func `an address knows its version and bytes`() {
        #expect(IPAddress("10.1.2.3")!.isV4)
        #expect(IPAddress("10.1.2.3")!.bytes == [10, 1, 2, 3])
        #expect(!IPAddress("::10.1.2.3")!.isV4)
        #expect(IPAddress("::1")!.bytes == Array(repeating: 0, count: 15) + [1])
        #expect(IPAddress(bytes: [1, 2, 3]) == nil)
        #expect(IPAddress(bytes: [192, 168, 0, 1])?.description == "192.168.0.1")
    }

    @Test func `addresses are ordered as numbers`() {
        let texts = ["::", "::1", "0.0.0.0", "9.9.9.9", "10.0.0.0", "10.0.0.10", "255.255.255.255", "1::", "ffff::"]
        let addresses = texts.map { IPAddress($0)! }
        #expect(addresses.shuffled().sorted() == addresses)
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `every address survives its own text`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            // Groups that are often zero make all kinds of gaps.
            let bytes = (0..<8).flatMap { _ -> [UInt8] in
                Bool.random(using: &random)
                    ? [0, 0] : [UInt8.random(in: 0...1, using: &random), .random(in: 0...255, using: &random)]
            }
            let address = IPAddress(bytes: bytes)!
            #expect(IPAddress(address.description) == address, "\(bytes), seed \(seed)")
        }
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `random text neither traps nor loses its meaning`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let pieces = [":", "::", ".", "0", "1", "25", "255", "256", "f", "ffff", "/", "é", "-", "%", " "]
        for _ in 0..<3000 {
            let text = randomText(of: pieces, &random)
            if let address = IPAddress(text) {
                #expect(IPAddress(address.description) == address, "\(text), seed \(seed)")
            }
            if let block = CIDRBlock(text) { #expect(CIDRBlock(block.description) == block, "\(text), seed \(seed)") }
        }
    }
}

/// A text of up to twenty pieces.
func randomText(of pieces: [String], _ random: inout SeededGenerator) -> String {
    (0..<Int.random(in: 0...20, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined()
}
