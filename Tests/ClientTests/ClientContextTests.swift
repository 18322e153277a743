import Basics
import ClientContexts
import StoreTesting
import Testing

@testable import Client

@Suite struct ClientContextTests {
    private static func context(
        endpoint: String? = nil, user: String? = nil, password: String? = nil, token: String? = nil
    ) -> ClientContext {
        var context = ClientContext()
        (context.endpoint, context.username, context.password, context.token) = (endpoint, user, password, token)
        return context
    }

    @Test func `flags go before the environment, and credentials come from one place`() {
        let base = Self.context(endpoint: "lab", user: "kate", password: "secret")
        let token = base.overlaid(by: Self.context(token: "t"))
        #expect((token.endpoint, token.token, token.username, token.password) == ("lab", "t", nil, nil))
        let other = base.overlaid(by: Self.context(user: "ben"))
        #expect((other.username, other.password) == ("ben", nil))
        let same = base.overlaid(by: Self.context(user: "kate"))
        #expect((same.username, same.password) == ("kate", "secret"))
        let changed = base.overlaid(by: Self.context(password: "new"))
        #expect((changed.username, changed.password) == ("kate", "new"))
    }

    @Test func `the environment has drpcli's names`() {
        let context = ClientContext(environment: [
            "RS_ENDPOINT": "https://lab", "RS_KEY": "kate:a:b", "RS_TOKEN": "", "RS_PASSWORD": "c",
        ])
        #expect(
            (context.endpoint, context.username, context.password, context.token) == ("https://lab", "kate", "c", nil))
    }

    @Test func `contexts are read back as they were written, and only by their owner`() throws {
        let folder = TemporaryDirectory()
        let path = folder.path + "/deep/config.yaml"
        var file = ContextFile()
        file["lab: 1"] = Self.context(endpoint: "https://lab", user: "ka'te", password: "p: #x")
        file["home"] = Self.context(token: "t")
        file.current = "home"
        try file.write(to: path)
        let read = try ContextFile(path: path)
        #expect(read.current == "home")
        #expect(read.contexts.map(\.name) == ["home", "lab: 1"])
        #expect(read["lab: 1"]?.password == "p: #x")
        #expect(read["home"]?.token == "t")
    }

    @Test func `a server's certificate is kept at the first meeting and compared at later ones`() throws {
        let folder = TemporaryDirectory()
        let known = KnownServers(path: folder.path + "/known_servers")
        let address = try ServerAddress("lab")
        #expect(try known.check(address, "aa") == .met)
        #expect(try known.check(address, "aa") == .known)
        let error = #expect(throws: ClientError.self) { try known.check(address, "bb") }
        #expect(error?.kind == .untrusted)
        #expect(try known.forget(address))
        #expect(try known.check(address, "bb") == .met)
    }
}
