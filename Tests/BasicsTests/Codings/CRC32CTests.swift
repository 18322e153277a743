import StoreTesting
import Testing

@testable import Basics

@Suite struct CRC32CTests {
    @Test func `a checksum is the same, with and without help of the processor`() {
        Array("123456789".utf8).withUnsafeBytes { #expect(CRC32C.checksum($0) == 0xE306_9283) }
        var random = SeededGenerator(seed: 1)
        for count in 0...70 {
            random.bytes(count...count).withUnsafeBytes { #expect(CRC32C.checksum($0) == CRC32C.tableChecksum($0)) }
        }
    }
}
