import Hummingbird
import JSON
import NIOCore
import Synchronization
import Testing

@testable import API

@Suite struct JSONArrayBodyTests {
    /// Keeps what is written.
    private final class Sink: ResponseBodyWriter {
        let parts = Mutex<[ByteBuffer]>([])

        func write(_ buffer: ByteBuffer) async throws { parts.withLock { $0.append(buffer) } }
        func finish(_ trailingHeaders: HTTPFields?) async throws {}

        var text: String { parts.withLock { $0.map { String(buffer: $0) }.joined() } }
    }

    @Test(arguments: [0, 1, 2, 3, 1000, 6000])
    func `a list of any length is one array`(count: Int) async throws {
        let documents = (0..<count).map {
            JSONDocument(["n": JSONValue($0), "t": .string(String(repeating: "x", count: 80))])
        }
        let body = JSONArrayBody(documents)
        let sink = Sink()
        try await API.Answer(status: .ok, body: body.body).response.body.write(sink)
        let text = sink.text
        #expect(text.utf8.count == body.count)
        #expect(body.body.length == body.count)
        #expect(try JSONValue(parsing: text).arrayValue == documents.map { $0.value() })
        #expect(sink.parts.withLock { $0.allSatisfy { $0.readableBytes < JSONArrayBody<JSONDocument>.partSize + 200 } })
        #expect(sink.parts.withLock { $0.count > 1 } == (body.count > JSONArrayBody<JSONDocument>.partSize))
    }
}
