import StoreTesting
import Testing

@testable import HTTPServing
@testable import ProvisionAPI

@Suite struct RequestPathTests {
    @Test(arguments: [
        ("/api/v3/machines", ["machines"]),
        ("/api/v3/machines/", ["machines"]),
        ("//api//v3///machines//x", ["machines", "x"]),
        ("/Fred/api/v3/machines/x", ["machines", "x"]),
        ("/api/v3/params/ipmi/enabled", ["params", "ipmi", "enabled"]),
        ("/api/v3/params/ipmi%2Fenabled", ["params", "ipmi/enabled"]),
        ("/api/v3/machines/Name%3Abob?decode=true", ["machines", "Name:bob"]),
        ("/api/v3/profiles/a%20b+c", ["profiles", "a b+c"]),
        ("/api/v3/profiles/100%25", ["profiles", "100%"]),
        ("/api/v3/profiles/%zz%4", ["profiles", "%zz%4"]),
        ("/api/v3/users/%7Bname%7D/token?name=bob&ttl=5", ["users", "bob", "token"]),
        ("/api/v3/users/%7Bname%7D/token", ["users", "{name}", "token"]),
        ("/api/v3", []),
    ])
    func `paths below the API are split and then decoded once`(target: String, segments: [String]) {
        let path = RequestPath(target, endpoint: "Fred")
        #expect(path.isBelowBase)
        #expect(path.segments == segments)
    }

    @Test(arguments: ["/", "/ui", "/api", "/api/v4/machines", "/api%2Fv3/machines", "/Joe/api/v3/machines"])
    func `other paths are not of the API`(target: String) {
        #expect(!RequestPath(target, endpoint: "Fred").isBelowBase)
    }

    @Test func `path and query are kept as they were sent`() {
        let path = RequestPath("/api/v3/params/a%2Fb?slim=x?y", endpoint: "Fred")
        #expect(path.path == "/api/v3/params/a%2Fb")
        #expect(path.query == "slim=x?y")
        #expect(RequestPath("/health", endpoint: "Fred").query == nil)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `any bytes make a path`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let alphabet = Array("/%?{}&=ab2F:\u{0}é ".utf8)
        for _ in 0..<200 {
            let bytes = (0..<Int.random(in: 0...30, using: &generator)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
            }
            let target = String(decoding: bytes, as: UTF8.self)
            let path = RequestPath(target, endpoint: "a")
            #expect(path.path + (path.query.map { "?" + $0 } ?? "") == target, "seed \(seed)")
            _ = QueryArguments(path.query)
        }
    }
}
