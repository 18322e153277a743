import HTTPTypes
import Testing

@testable import HTTPServing

@Suite struct `A request that changes something by a browser's session` {
    private func head(_ fields: HTTPFields, authority: String? = "muster:8092") -> HTTPRequest {
        HTTPRequest(method: .post, scheme: "https", authority: authority, path: "/ui", headerFields: fields)
    }

    @Test func `passes from a page of ours`() throws {
        try CrossSiteCheck.demand(head([:]), shown: "token", "token")
        try CrossSiteCheck.demand(head([.fetchSite: "same-origin"]), shown: "token", "token")
        try CrossSiteCheck.demand(head([.origin: "https://muster:8092"]), shown: "token", "token")
    }

    @Test(arguments: ["cross-site", "same-site", "anything"])
    func `is refused when the browser says that another site sends it`(site: String) {
        #expect(throws: HTTPError.self) {
            try CrossSiteCheck.demand(head([.fetchSite: site]), shown: "token", "token")
        }
    }

    @Test(arguments: ["https://evil.example", "https://muster", "null", "https://evil.example/muster:8092x"])
    func `is refused from another origin`(origin: String) {
        #expect(throws: HTTPError.self) {
            try CrossSiteCheck.demand(head([.origin: origin]), shown: "token", "token")
        }
    }

    @Test(arguments: [nil, "", "toke", "tokenx", "tokeN"])
    func `is refused without the token of its session`(shown: String?) {
        #expect(throws: HTTPError.self) { try CrossSiteCheck.demand(head([:]), shown: shown, "token") }
    }
}
