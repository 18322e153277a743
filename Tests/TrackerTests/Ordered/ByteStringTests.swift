import StoreTesting
import Testing

@testable import Tracker

struct ByteStringTests {
    @Test func `a byte string takes eight bytes by reference`() {
        #expect(MemoryLayout<ByteString>.size == 8)
        #expect(MemoryLayout<ByteString?>.size == 8)
    }

    @Test(arguments: ["", "a", "machines", "Zürich 🚀", "nul\0inside"])
    func `text comes back as it went in`(text: String) {
        let bytes = ByteString(text)
        #expect(bytes.string == text)
        #expect(bytes.description == text)
        #expect(bytes.count == text.utf8.count)
        #expect(bytes.isEmpty == text.isEmpty)
        #expect(bytes.bytes == Array(text.utf8))
        #expect(bytes.withUnsafeBytes { Array($0) } == Array(text.utf8))
    }

    @Test func `every way to make one gives the same`() {
        let array: [UInt8] = [0, 1, 254, 255]
        let strings = [
            ByteString(array), ByteString(array[...]), ByteString(array.lazy.map { $0 }),
            array.withUnsafeBytes { ByteString($0) },
        ]
        for string in strings { #expect(string.bytes == array) }
        #expect(Set(strings).count == 1)
        #expect("abc" as ByteString == ByteString(Array("abc".utf8)))
        #expect(ByteString.empty == "")
    }

    @Test func `bytes that are not UTF-8 are replaced in text only`() {
        let string = ByteString([0x61, 0xff, 0x62])
        #expect(string.string == "a\u{fffd}b")
        #expect(string.bytes == [0x61, 0xff, 0x62])
    }

    @Test(arguments: [
        ("", "", true), ("abc", "", true), ("abc", "ab", true), ("abc", "abc", true),
        ("abc", "abcd", false), ("abc", "b", false), ("", "a", false),
    ])
    func `a prefix is found only at the front`(string: ByteString, typeName: ByteString, expected: Bool) {
        #expect(string.hasPrefix(typeName) == expected)
    }

    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func `order, equality and hashes are those of the bytes`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let arrays = (0..<120).map { _ in
            (0..<Int.random(in: 0...3, using: &random)).map { _ in
                [0, 1, 127, 128, 255].randomElement(using: &random)! as UInt8
            }
        }
        for left in arrays {
            for right in arrays {
                let (a, b) = (ByteString(left), ByteString(right))
                #expect((a < b) == left.lexicographicallyPrecedes(right), "\(left) \(right), seed \(seed)")
                #expect((a == b) == (left == right), "\(left) \(right), seed \(seed)")
                if a == b { #expect(a.hashValue == b.hashValue) }
            }
        }
    }
}
