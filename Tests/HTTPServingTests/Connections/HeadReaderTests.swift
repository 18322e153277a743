import HTTPTypes
import NIOHTTP1
import StoreTesting
import Testing

@testable import HTTPServing

/// Heads as one connection brings them.
@Suite struct `A reader of heads` {
    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `reads each as if it were the first`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var reader = HeadReader()
        var last = Self.head(&random)
        for _ in 0..<400 {
            // Half of them are like the one before, but for the target.
            if Bool.random(using: &random) { last = Self.head(&random) } else { last.uri = Self.target(&random) }
            var fresh = HeadReader()
            #expect(Self.read(last, &reader) == Self.read(last, &fresh), "seed \(seed), \(last)")
        }
    }

    @Test func `reads credentials anew for each facade`() {
        var reader = HeadReader()
        let head = HTTPRequestHead(
            version: .http1_1, method: .GET, uri: "/a", headers: ["Host": "h", "Authorization": "Bearer x"])
        #expect(Self.read(head, &reader)?.credentials == .token("x"))
        #expect(reader.read(head, for: 1) { _ in .token("y") }?.credentials == .token("y"))
        #expect(Self.read(head, &reader)?.credentials == .token("x"))
    }

    private static func read(_ head: HTTPRequestHead, _ reader: inout HeadReader) -> HeadReader.Reading? {
        reader.read(head, for: 0, credentials: CredentialReader.authorization.fields)
    }

    private static func head(_ random: inout SeededGenerator) -> HTTPRequestHead {
        let headers: [[(String, String)]] = [
            [("Host", "h"), ("Authorization", "Basic YTpi")], [("Host", "h"), ("Authorization", "Basic YTpj")],
            [("host", "h"), ("Authorization", "Basic YTpi")],
            [("Host", "h"), ("Content-Length", "3")], [("Host", "h"), ("Content-Length", "4")],
            [("Host", "h"), ("Content-Length", "99999999")], [("Host", "h"), ("Expect", "100-continue")],
            [("Host", "g"), ("Connection", "keep-alive")], [("Host", "g"), ("Connection", "close")], [],
        ]
        return HTTPRequestHead(
            version: [.http1_1, .http1_1, .http1_0].randomElement(using: &random)!,
            method: [.GET, .POST, .RAW(value: "BREW")].randomElement(using: &random)!, uri: target(&random),
            headers: HTTPHeaders(headers.randomElement(using: &random)!))
    }

    private static func target(_ random: inout SeededGenerator) -> String {
        ["/", "/api/v3/machines", "/a?b=c", "/a/Name:b", "//a/b", "http://h/a?b", "*", "", "/\u{e4}", "h:80"]
            .randomElement(using: &random)!
    }
}
