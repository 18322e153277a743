import Basics
import NIOCore
import Testing

@testable import NetServices

/// What clients of TFTP ask for, and what they get (RFC 1350, 2347–2349, 7440).
@Suite struct TFTPTermsTests {
    @Test(
        arguments: [
            ([], 512, 1, 1, ""), ([("blksize", "1468")], 1468, 1, 1, "blksize=1468"),
            ([("blksize", "99999")], 65_464, 1, 1, "blksize=65464"), ([("blksize", "7")], 512, 1, 1, ""),
            ([("tsize", "0")], 512, 1, 1, "tsize=1000"), ([("timeout", "5")], 512, 1, 5, "timeout=5"),
            ([("timeout", "256")], 512, 1, 1, ""), ([("windowsize", "4")], 512, 4, 1, "windowsize=4"),
            ([("blksize", "8192"), ("windowsize", "64")], 8192, 8, 1, "blksize=8192,windowsize=8"),
            ([("windowsize", "64"), ("blksize", "8192")], 8192, 8, 1, "windowsize=8,blksize=8192"),
            ([("multicast", ""), ("blksize", "x")], 512, 1, 1, ""),
            ([("blksize", "512"), ("blksize", "600")], 512, 1, 1, "blksize=512"),
        ] as [([(String, String)], Int, Int, Int, String)])
    func `options are met as far as they can be, and others left out`(
        _ options: [(String, String)], _ block: Int, _ window: Int, _ timeout: Int, _ agreed: String
    ) {
        let terms = TFTPTerms(options.map { (name: $0.0, value: $0.1) }, size: 1_000)
        #expect((terms.blockSize, terms.windowSize, terms.timeout) == (block, window, timeout))
        #expect(terms.agreed.map { "\($0.name)=\($0.value)" }.joined(separator: ",") == agreed)
    }

    @Test(arguments: [
        ("\u{0}\u{1}a\u{0}octet\u{0}", true), ("\u{0}\u{1}a\u{0}OCTET\u{0}blksize\u{0}9\u{0}", true),
        ("\u{0}\u{1}a\u{0}netascii\u{0}", true), ("\u{0}\u{1}a\u{0}mail\u{0}", false), ("\u{0}\u{1}a\u{0}octet", false),
        ("\u{0}\u{1}\u{0}octet\u{0}", false), ("\u{0}\u{1}a", false), ("\u{0}\u{9}a\u{0}octet\u{0}", false),
        ("\u{0}", false),
    ])
    func `a request is read only where all of it is there`(text: String, isRequest: Bool) {
        let request = TFTPRequest(ByteBuffer(string: text))
        if case .read = request { #expect(isRequest) } else { #expect(!isRequest) }
    }

    @Test func `as text, ends of lines are those of a terminal`() throws {
        let content = TFTPContent(Array("a\nb\rc\r\n".utf8))
        let text = try #require(try content.asText())
        #expect(String(buffer: try text.bytes(0..<text.size)) == "a\r\nb\r\u{0}c\r\u{0}\r\n")
    }
}
