import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import Testing

@testable import HTTPServing
@testable import ProvisionAPI

@Suite struct BodyTests {
    private static func request(_ text: String, _ headers: HTTPFields = [.contentType: "application/json"])
        -> ServerRequest
    {
        ServerRequest(
            head: HTTPRequest(method: .patch, scheme: "http", authority: "x", path: "/", headerFields: headers),
            body: RequestBody(buffer: ByteBuffer(string: text)))
    }

    private static func refusal(_ request: ServerRequest, limit: Int = 100, as kind: Route.BodyKind = .json) async
        -> APIError?
    {
        do {
            _ = try await BodyReader(limit: limit).read(request, as: kind)
            return nil
        } catch {
            return error as? APIError
        }
    }

    @Test func `a body at the limit is read, one byte more is not`() async throws {
        let text = "\"" + String(repeating: "x", count: 98) + "\""
        guard case .json(let value) = try await BodyReader(limit: 100).read(Self.request(text), as: .json) else {
            throw TestFailure("no JSON")
        }
        #expect(value.stringValue?.utf8.count == 98)
        let refusal = await Self.refusal(Self.request(text + " "))
        #expect(refusal?.code == 413)
        #expect(refusal?.messages.first?.contains("at most 100 bytes") == true)
    }

    @Test func `an announced length over the limit is refused unread`() async {
        let headers: HTTPFields = [.contentType: "application/json", .contentLength: "101"]
        let refusal = await Self.refusal(Self.request("1", headers))
        #expect(refusal?.messages.first?.hasPrefix("The body has 101 bytes") == true)
    }

    @Test(arguments: [
        ("{", "line 1 column 2: the text ends too early, expected a key in double quotes"), ("", "line 1 column 1"),
        ("[1,]", "line 1 column 4"), ("{\"a\":1,\"a\":2}", "duplicate key \"a\""), ("1 2", "line 1 column 3"),
    ])
    func `malformed JSON is refused in the parser's words`(text: String, message: String) async {
        let refusal = await Self.refusal(Self.request(text))
        #expect(refusal?.code == 400 && refusal?.type == "PATCH")
        #expect(refusal?.messages.first?.contains(message) == true, "\(refusal?.messages ?? [])")
    }

    @Test func `other content types are refused`() async {
        for type in ["text/plain", "application/octet-stream", "application/x-www-form-urlencoded", ""] {
            let refusal = await Self.refusal(Self.request("{}", [.contentType: type]))
            #expect(refusal == APIError(400, "PATCH", "Invalid content type: \(type)"))
        }
        for type in ["application/json", "Application/JSON; charset=utf-8", "application/json-patch+json"] {
            #expect(await Self.refusal(Self.request("{}", [.contentType: type])) == nil)
        }
    }

    @Test func `a patch must be one`() async throws {
        for text in ["{}", "[1]", #"[{"op":"add"}]"#, #"[{"op":"frob","path":"/a"}]"#] {
            #expect(await Self.refusal(Self.request(text), as: .patch)?.code == 400)
        }
        let encoder = #"[{"op":"remove","path":"/a","from":"","value":null}]"#
        guard case .patch(let patch) = try await BodyReader(limit: 100).read(Self.request(encoder), as: .patch) else {
            throw TestFailure("no patch")
        }
        #expect(patch.operations.count == 1)
    }

    @Test func `where a body is optional nothing is null`() async throws {
        guard case .json(.null) = try await BodyReader(limit: 9).read(Self.request("", [:]), as: .optionalJSON) else {
            throw TestFailure("no null")
        }
    }
}
