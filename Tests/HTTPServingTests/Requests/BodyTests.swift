import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import Testing

@testable import HTTPServing

@Suite struct BodyTests {
    private static func read(
        _ text: String, _ headers: HTTPFields = [.contentType: "application/json"], limit: Int = 100,
        as kind: Body.Kind = .json
    ) async throws -> Body {
        let head = HTTPRequest(method: .patch, scheme: "http", authority: "x", path: "/", headerFields: headers)
        return try await BodyReader(limit: limit).read(
            RequestBody(buffer: ByteBuffer(string: text)), of: head, as: kind)
    }

    private static func refusal(
        _ text: String, _ headers: HTTPFields = [.contentType: "application/json"], as kind: Body.Kind = .json
    ) async -> HTTPServing.HTTPError? {
        do {
            _ = try await read(text, headers, as: kind)
            return nil
        } catch {
            return error as? HTTPServing.HTTPError
        }
    }

    @Test func `a body at the limit is read, one byte more is not`() async throws {
        let text = "\"" + String(repeating: "x", count: 98) + "\""
        guard case .json(let value) = try await Self.read(text) else {
            Issue.record("no JSON")
            return
        }
        #expect(value.stringValue?.utf8.count == 98)
        let refusal = await Self.refusal(text + " ")
        #expect(refusal?.status == 413)
        #expect(refusal?.messages.first?.contains("at most 100 bytes") == true)
    }

    @Test func `an announced length over the limit is refused unread`() async {
        let headers: HTTPFields = [.contentType: "application/json", .contentLength: "101"]
        let refusal = await Self.refusal("1", headers)
        #expect(refusal?.messages.first?.hasPrefix("The body has 101 bytes") == true)
    }

    @Test(arguments: [
        ("{", "line 1 column 2: the text ends too early, expected a key in double quotes"), ("", "line 1 column 1"),
        ("[1,]", "line 1 column 4"), ("{\"a\":1,\"a\":2}", "duplicate key \"a\""), ("1 2", "line 1 column 3"),
    ])
    func `malformed JSON is refused in the parser's words`(text: String, message: String) async {
        let refusal = await Self.refusal(text)
        #expect(refusal?.status == 400 && refusal?.reason == .malformedBody)
        #expect(refusal?.messages.first?.contains(message) == true, "\(refusal?.messages ?? [])")
    }

    @Test func `other content types are refused`() async {
        for type in ["text/plain", "application/octet-stream", "application/x-www-form-urlencoded", ""] {
            let refusal = await Self.refusal("{}", [.contentType: type])
            #expect(refusal == HTTPServing.HTTPError(400, .malformedBody, "Invalid content type: \(type)"))
        }
        for type in ["application/json", "Application/JSON; charset=utf-8", "application/json-patch+json"] {
            #expect(await Self.refusal("{}", [.contentType: type]) == nil)
        }
    }

    @Test func `a patch must be one`() async throws {
        for text in ["{}", "[1]", #"[{"op":"add"}]"#, #"[{"op":"frob","path":"/a"}]"#] {
            #expect(await Self.refusal(text, as: .patch)?.status == 400)
        }
        let encoder = #"[{"op":"remove","path":"/a","from":"","value":null}]"#
        guard case .patch(let patch) = try await Self.read(encoder, as: .patch) else {
            Issue.record("no patch")
            return
        }
        #expect(patch.operations.count == 1)
    }

    @Test func `where a body is optional nothing is null`() async throws {
        guard case .json(.null) = try await Self.read("", [:], limit: 9, as: .optionalJSON) else {
            Issue.record("no null")
            return
        }
    }
}
