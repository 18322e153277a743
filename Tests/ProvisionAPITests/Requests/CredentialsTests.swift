import Basics
import HTTPTypes
import Testing
import Tracker

@testable import HTTPServing
@testable import ProvisionAPI

@Suite struct CredentialsTests {
    private func credentials(_ authorization: String?, _ query: Substring? = nil) -> Credentials? {
        Credentials(authorization.map { [.authorization: $0] } ?? [:], query)
    }

    @Test func `a password may hold colons`() {
        let text = Base64.encode(Array("bob:a:b".utf8))
        #expect(credentials("Basic \(text)") == .password(user: "bob", password: "a:b"))
        #expect(credentials("bAsIc \(text)") == .password(user: "bob", password: "a:b"))
    }

    @Test func `a token comes as Bearer, as Basic or in the query`() {
        #expect(credentials("Bearer a.b.c") == .token("a.b.c"))
        #expect(credentials("Basic a.b.c") == .token("a.b.c"))
        #expect(credentials(nil, "x=1&token=a.b.c") == .token("a.b.c"))
        #expect(credentials(nil, "token=bob:x") == .password(user: "bob", password: "x"))
    }

    @Test func `the header goes before the query`() {
        #expect(credentials("Bearer a", "token=b") == .token("a"))
    }

    @Test func `anything else is no credentials`() {
        for text in ["", "Bearer", "Digest x", "\u{e9}"] { #expect(credentials(text) == nil) }
        #expect(credentials(nil) == nil)
        #expect(credentials(nil, "token=") == nil)
    }
}
