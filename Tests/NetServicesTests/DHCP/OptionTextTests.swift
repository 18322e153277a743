import Testing
import Tracker

@testable import NetServices

/// The text forms of option values (C §17.2, RFC 3397, RFC 3442).
@Suite struct OptionTextTests {
    @Test(
        arguments: [
            (1, "255.255.0.0", [255, 255, 0, 0]), (3, "10.0.0.1,10.0.0.2", [10, 0, 0, 1, 10, 0, 0, 2]),
            (6, "10.0.0.1, 10.0.0.2", [10, 0, 0, 1, 10, 0, 0, 2]), (15, "a.b", [97, 46, 98]),
            (51, "3600", [0, 0, 14, 16]),
            (26, "1500", [5, 220]), (23, "64", [64]), (53, "ofr", [2]), (53, "inf", [8]),
            (252, "1,2,255", [1, 2, 255]),
            (43, "string:hi", [104, 105]), (121, "10.0.0.0/8 10.1.1.1", [8, 10, 10, 1, 1, 1]),
            (121, "0.0.0.0/0 10.1.1.1,10.2.128.0/17 10.1.1.2", [0, 10, 1, 1, 1, 17, 10, 2, 128, 10, 1, 1, 2]),
            (121, "8,10,10,1,1,1", [8, 10, 10, 1, 1, 1]), (119, "a.bc,d", [1, 97, 2, 98, 99, 0, 1, 100, 0]),
        ] as [(UInt8, String, [UInt8])])
    func `a value is encoded as its option wants it`(code: UInt8, text: String, bytes: [UInt8]) {
        #expect(OptionText.encode(text, as: code) == bytes)
    }

    @Test(
        arguments: [
            (1, "255.255"), (1, "::1"), (3, "10.0.0.1,"), (15, ""), (51, "-1"), (51, "4294967296"), (26, "65536"),
            (23, "256"),
            (53, "hello"), (252, "1,2,256"), (252, "x"), (252, "string:"), (121, "10.0.0.0/33 10.1.1.1"),
            (121, "10.0.0.0/8"),
            (119, String(repeating: "x", count: 64)),
        ] as [(UInt8, String)])
    func `what is none of an option's form is refused`(code: UInt8, text: String) {
        #expect(OptionText.encode(text, as: code) == nil)
    }

    @Test(
        arguments: [
            (1, "255.255.0.0"), (6, "10.0.0.1,10.0.0.2"), (15, "a.b"), (51, "3600"), (26, "1500"), (23, "64"),
            (53, "ack"),
            (252, "1,2,255"), (93, "7"),
        ] as [(UInt8, String)])
    func `bytes are shown as the text that they are encoded from`(code: UInt8, text: String) throws {
        #expect(OptionText.decode(try #require(OptionText.encode(text, as: code)), of: code) == text)
    }
}
