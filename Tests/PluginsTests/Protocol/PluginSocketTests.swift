import AsyncHTTPClient
import Basics
import JSON
import NIOCore
import NIOHTTP1
import StoreTesting
import Synchronization
import Testing

@testable import Plugins

/// The server's two sides of the protocol, against each other: what one asks, the other answers.
@Suite("Unix sockets between server and plug-ins")
struct PluginSocketTests {
    private func withClient<Value>(_ body: (HTTPClient, String) async throws -> Value) async throws -> Value {
        let folder = TemporaryDirectory()
        let client = HTTPClient(eventLoopGroupProvider: .singleton)
        do {
            let value = try await body(client, "\(folder.path)/socket")
            try await client.shutdown()
            return value
        } catch {
            try await client.shutdown()
            throw error
        }
    }

    private func post(_ client: HTTPClient, _ socket: String, _ path: String, _ body: String) async throws -> (
        Int, String
    ) {
        let host = PercentEncoding.encode(socket.utf8, keeping: PercentEncoding.isUnreserved)
        var request = HTTPClientRequest(url: "http+unix://\(host)\(path)")
        request.method = .POST
        request.body = .bytes(Array(body.utf8))
        let answer = try await client.execute(request, timeout: .seconds(10))
        return (Int(answer.status.code), String(buffer: try await answer.body.collect(upTo: 1 << 20)))
    }

    @Test func `calls are answered in JSON, and refusals are errors with their status`() async throws {
        try await withClient { client, socket in
            let server = try await PluginCallServer(socket: socket) { call throws(PluginError) in
                guard case .log(_, let message) = call else { throw PluginError(422, "POST", ["not this"]) }
                return ["heard": .string(message.text)]
            }
            let root = "/api-server-plugin/v4"
            #expect(try await post(client, socket, root + "/log", #"{"Message":"hi"}"#) == (200, #"{"heard":"hi"}"#))
            let refused = try await post(client, socket, root + "/publish", "{}")
            #expect(refused.0 == 422 && refused.1.contains("not this"))
            #expect(try await post(client, socket, root + "/nowhere", "{}").0 == 404)
            await server.close()
        }
    }

    @Test func `a body that is too long is refused`() async throws {
        try await withClient { client, socket in
            let server = try await PluginCallServer(socket: socket) { _ throws(PluginError) in .null }
            let body = String(repeating: "x", count: 17 << 20)
            let answer = try? await post(client, socket, "/api-server-plugin/v4/log", body)
            #expect(answer == nil || answer?.0 == 413)
            #expect(try await post(client, socket, "/api-server-plugin/v4/log", "{}").0 == 200)
            await server.close()
        }
    }

    @Test func `a plug-in that nobody listens for cannot be asked`() async throws {
        try await withClient { client, socket in
            let error = await #expect(throws: PluginError.self) {
                try await PluginClient(client, socket: socket).ask(.action, Array("{}".utf8), within: .seconds(5))
            }
            #expect(error?.code == 502)
        }
    }

    @Test func `a socket where nobody can listen is an error and no end`() async throws {
        let path = "/no/such/folder/socket"
        await #expect(throws: ProgramError.self) {
            try await PluginCallServer(socket: path) { _ throws(PluginError) in .null }
        }
    }
}
