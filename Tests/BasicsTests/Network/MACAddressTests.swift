import StoreTesting
import Testing

@testable import Basics

struct MACAddressTests {
    @Test(arguments: [
        ("00:1b:21:3C:9d:F8", "00:1b:21:3c:9d:f8"), ("00-1B-21-3C-9D-F8", "00:1b:21:3c:9d:f8"),
        ("001b.213c.9df8", "00:1b:21:3c:9d:f8"),
        ("02:00:5e:10:00:00:00:01", "02:00:5e:10:00:00:00:01"), ("0200.5e10.0000.0001", "02:00:5e:10:00:00:00:01"),
        (
            "00-00-00-00-fe-80-00-00-00-00-00-00-02-00-5e-10-00-00-00-01",
            "00:00:00:00:fe:80:00:00:00:00:00:00:02:00:5e:10:00:00:00:01"
        ),
        (
            "0000.0000.fe80.0000.0000.0000.0200.5e10.0000.0001",
            "00:00:00:00:fe:80:00:00:00:00:00:00:02:00:5e:10:00:00:00:01"
        ),
    ])
    func `addresses parse and are written with colons`(text: String, canonical: String) throws {
        let address = try #require(MACAddress(text))
        #expect(address.description == canonical)
        #expect(MACAddress(canonical) == address)
        #expect(MACAddress(bytes: address.bytes) == address)
    }

    @Test(arguments: [
        "", "001b213c9df8", "00:1b:21:3c:9d", "00:1b:21:3c:9d:f8:", ":00:1b:21:3c:9d:f8", "00:1b:21:3c:9d:f8:00",
        "0:1b:21:3c:9d:f8",
        "00:1b:21:3c:9d:fg", "00:1b:21-3c-9d-f8", "00:1b.213c.9df8", "001b:213c:9df8", "00.1b.21.3c.9d.f8",
        "00 1b 21 3c 9d f8",
        "00:1b:21:3c:9d:+8", "00:1b:21:3c:9d:ｆ8", "...", "::::::",
        "00:00:00:00:fe:80:00:00:00:00:00:00:02:00:5e:10:00:00:00",
    ])
    func `what is no hardware address is refused`(text: String) {
        #expect(MACAddress(text) == nil)
    }

    @Test func `only six, eight and twenty bytes make an address`() {
        let lengths = (0...24).filter { MACAddress(bytes: [UInt8](repeating: 7, count: $0)) != nil }
        #expect(lengths == [6, 8, 20])
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `random text neither traps nor loses its meaning`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            let separator = [":", "-", ".", "é"].randomElement(using: &random)!
            let groups = (0..<[3, 4, 6, 8, 10, 20].randomElement(using: &random)!).map { _ in
                ["00", "f1", "A0", "0a0b", "1", "zz"][
                    Int.random(in: 0..<100, using: &random) < 97 ? 1 : .random(in: 0..<6, using: &random)]
            }
            let text = groups.joined(separator: separator)
            if let address = MACAddress(text) {
                #expect(MACAddress(address.description) == address, "\(text), seed \(seed)")
            }
        }
    }
}
