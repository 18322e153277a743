import HTTPTypes
import Testing

@testable import HTTPServing

struct ServedFileTests {
    /// A file of ten bytes of 6 November 1994, 08:49:37.
    private let file = ServedFile(named: "x.txt", size: 10, etag: "\"v1\"", modified: 784_111_777) { range in
        .array([UInt8]("0123456789".utf8)[range].map { $0 })
    }

    private func status(_ fields: HTTPFields) throws -> Int { try file.answer(fields, isHead: false).status.code }

    @Test(arguments: [
        ("Sun, 06 Nov 1994 08:49:37 GMT", 304),
        ("Mon, 07 Nov 1994 08:49:37 GMT", 304), ("Sun, 06 Nov 1994 08:49:36 GMT", 200), ("yesterday", 200),
    ])
    func `a client that has the file since then is not sent it again`(since: String, expected: Int) throws {
        #expect(try status([.ifModifiedSince: since]) == expected)
    }

    @Test func `an entity tag goes before a date`() throws {
        let date = "Sun, 06 Nov 1994 08:49:37 GMT"
        #expect(try status([.ifModifiedSince: date, .ifNoneMatch: "\"v0\""]) == 200)
        #expect(try status([.ifModifiedSince: "yesterday", .ifNoneMatch: "\"v0\", W/\"v1\""]) == 304)
    }

    @Test(arguments: [
        ("bytes=2-4", 206), ("bytes=-3", 206), ("bytes=10-", 416), ("bytes=4-2", 200), ("lines=1-2", 200),
    ])
    func `ranges are answered as far as there are bytes`(range: String, expected: Int) throws {
        #expect(try status([.range: range]) == expected)
        #expect(try status([.range: range, .ifRange: "\"v0\""]) == 200)
    }
}
