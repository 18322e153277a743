import Basics
import HTTPServing
import HTTPTypes
import HummingbirdTesting
import JSON
import Logging
import NIOCore
import ServiceLifecycle
import Store
import Testing

/// The example domain through its own facade, over a socket.
@Suite(.timeLimit(.minutes(10))) struct `A facade of one's own` {
    /// Asks a server of widgets.
    private struct Caller: Sendable {
        let client: TestClient
        var key: String? = "writer"

        func send(
            _ method: HTTPRequest.Method, _ path: String, _ json: JSONValue? = nil
        ) async throws -> (status: Int, text: String, json: JSONValue, headers: HTTPFields) {
            var headers: HTTPFields = json == nil ? [:] : [.contentType: "application/json"]
            if let name = HTTPField.Name("Widget-Key") { headers[name] = key }
            let body = json.map { ByteBuffer(bytes: $0.canonicalBytes()) }
            let answer = try await client.execute(.init(path, method: method, headers: headers, body: body))
            let text = answer.body.map { String(buffer: $0) } ?? ""
            return (answer.status.code, text, (try? JSONValue(parsing: text)) ?? .null, answer.head.headerFields)
        }
    }

    private func serve(
        _ store: any KeyValueStore = MemoryStore(), _ body: @escaping @Sendable (Caller) async throws -> Void
    ) async throws {
        let clients: [Identifier: WidgetFacade.Client] = [
            "writer": WidgetFacade.Client(name: "mill", mayWrite: true),
            "reader": WidgetFacade.Client(name: "shop", mayWrite: false),
        ]
        let logger = Logger(label: "test")
        let server = try WidgetServer(store: store, clients: clients, logger: logger)
        let (ports, told) = AsyncStream<Int>.makeStream()
        let listening = server.listening(on: 0) { port in told.yield(port) }
        let services = ServiceGroup(services: [listening], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            for await port in ports {
                try await TestClient.withClient(host: "127.0.0.1", port: port) { client in
                    try await body(Caller(client: client))
                }
                break
            }
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
        }
    }

    @Test func `numbers parts, and shows them over several lines with links`() async throws {
        try await serve { (caller: Caller) async throws in
            let made = try await caller.send(.post, "/v1/parts", ["name": "frame", "mass": 900])
            #expect(made.status == 201)
            #expect(
                made.text == """
                    {
                      "id": 1,
                      "links": {
                        "parts": "/v1/parts/1/parts",
                        "self": "/v1/parts/1"
                      },
                      "mass": 900,
                      "name": "frame",
                      "parent": null,
                      "problems": []
                    }

                    """)
            #expect(made.headers[.contentType] == "application/json")
            #expect(try await caller.send(.get, "/v1/parts/1").text == made.text)
            #expect(try await caller.send(.get, "/v1/parts/01").status == 404)
        }
    }

    @Test func `lists by number, by filter and by parent`() async throws {
        try await serve { (caller: Caller) async throws in
            for number in 1...12 {
                let part: JSONObject = [
                    "name": .string("p\(number)"), "parent": JSONValue(number / 2), "mass": JSONValue(100 - number),
                ]
                #expect(try await caller.send(.post, "/v1/parts", .object(part)).status == 201)
            }
            func ids(_ path: String) async throws -> [Int] {
                (try await caller.send(.get, path).json.arrayValue ?? []).compactMap { $0["id"]?.intValue }
            }
            #expect(try await ids("/v1/parts") == Array(1...12))
            #expect(try await ids("/v1/parts?mass=min(90)&order=mass&count=3") == [10, 9, 8])
            #expect(try await ids("/v1/parts?descending&count=2&skip=1") == [11, 10])
            #expect(try await ids("/v1/parts?parent=4") == [8, 9])
            #expect(try await ids("/v1/parts/5/parts") == [10, 11])
            let refused = try await caller.send(.get, "/v1/parts?colour=red")
            #expect(refused.status == 400 && refused.json["error"]?["kind"] == "request")
        }
    }

    @Test func `keeps the tree a tree, and refuses in its own form`() async throws {
        try await serve { (caller: Caller) async throws in
            for (name, parent) in [("a", 0), ("b", 1), ("c", 2)] {
                let part: JSONValue = ["name": .string(name), "parent": JSONValue(parent)]
                #expect(try await caller.send(.post, "/v1/parts", part).status == 201)
            }
            let circle = try await caller.send(.put, "/v1/parts/1", ["name": "a", "parent": 3])
            #expect(circle.status == 400)
            #expect(circle.json["error"]?["messages"] == ["1: parent leads back to the object itself"])
            #expect(try await caller.send(.delete, "/v1/parts/2").status == 409)
            #expect(try await caller.send(.delete, "/v1/parts/3").status == 200)
            #expect(try await caller.send(.post, "/v1/parts", ["name": "d", "id": 3]).status == 400)
            let next = try await caller.send(.post, "/v1/parts", ["name": "d"])
            #expect(next.json["id"] == 4)
            #expect(try await caller.send(.get, "/v1/nothing").json["error"]?["kind"] == "request")
        }
    }

    @Test func `knows its callers by their key`() async throws {
        try await serve { (caller: Caller) async throws in
            var other = caller
            other.key = nil
            #expect(try await other.send(.get, "/v1/parts").status == 401)
            other.key = "thief"
            #expect(try await other.send(.get, "/v1/parts").json["error"]?["kind"] == "unknown")
            other.key = "reader"
            #expect(try await other.send(.get, "/v1/parts").status == 200)
            #expect(try await other.send(.post, "/v1/parts", ["name": "x"]).status == 403)
        }
    }

    @Test func `goes on from its store`() async throws {
        let store = MemoryStore()
        try await serve(store) { (caller: Caller) async throws in
            for name in ["a", "b"] { _ = try await caller.send(.post, "/v1/parts", ["name": .string(name)]) }
            _ = try await caller.send(.delete, "/v1/parts/2")
        }
        try await serve(store) { (caller: Caller) async throws in
            #expect(try await caller.send(.get, "/v1/parts/1").json["name"] == "a")
            #expect(try await caller.send(.post, "/v1/parts", ["name": "b"]).json["id"] == 3)
        }
    }
}
