import Hummingbird
import JSON
import NIOCore
import Synchronization
import Testing

@testable import HTTPServing

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
        try await Answer(status: .ok, body: body.body).body.parts.write(sink)
        let text = sink.text
        #expect(text.utf8.count == body.count)
        #expect(body.body.length == body.count)
        #expect(try JSONValue(parsing: text).arrayValue == documents.map { $0.value() })
        #expect(sink.parts.withLock { $0.allSatisfy { $0.readableBytes < Answer.Body.longestPart + 200 } })
        #expect(sink.parts.withLock { $0.count > 1 } == (body.count > Answer.Body.longestPart))
    }

    @Test(arguments: [0, 1, 1000, 6000])
    func `a list of what is made while it is sent is one array, made as far as it is taken`(count: Int) async throws {
        let text = String(repeating: "x", count: 80)
        let made = Mutex(0)
        let body = ComposedArrayBody(Array(0..<count)) { _ in
            made.withLock { $0 += 1 }
            return JSONDocument(["t": .string(text)])
        }.body()
        #expect(made.withLock { $0 } * 80 <= Answer.Body.longestPart)
        let sink = Sink()
        try await Answer(status: .ok, body: body).body.parts.write(sink)
        #expect(made.withLock { $0 } == count)
        let array = try #require(try JSONValue(parsing: sink.text).arrayValue)
        #expect(array == Array(repeating: ["t": .string(text)], count: count))
        #expect(sink.parts.withLock { $0.allSatisfy { $0.readableBytes < Answer.Body.longestPart + 200 } })
    }

    @Test(arguments: [0, 10, 300_000, 262_144, 524_288, 1_000_000])
    func `a long body is sent in parts that make up all of it`(count: Int) async throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7) }
        for body in [Answer.Body.array(bytes), .bytes(ByteBuffer(bytes: bytes))] {
            let sink = Sink()
            try await Answer(status: .ok, body: body).body.parts.write(sink)
            #expect(sink.parts.withLock { $0.flatMap { Array($0.readableBytesView) } } == bytes)
            #expect(sink.parts.withLock { $0.allSatisfy { $0.readableBytes <= Answer.Body.longestPart } })
        }
    }
}
