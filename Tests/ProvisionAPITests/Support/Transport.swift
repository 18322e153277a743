import Basics
import HTTPTypes
import HummingbirdCore
import HummingbirdTesting
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import HTTPServing
@testable import ProvisionAPI

/// How the requests of a test reach the server.
enum Transport: Sendable, CaseIterable {
    /// The pipeline is called.
    case inProcess
    /// Over a socket, through a connection's handlers.
    case socket

    /// The transport of the test that runs.
    @TaskLocal static var current = Transport.inProcess
}

/// Runs each test of a suite over all transports.
struct AllTransports: SuiteTrait, TestTrait, TestScoping {
    var isRecursive: Bool { true }

    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        for transport in Transport.allCases {
            try await Transport.$current.withValue(transport) { try await function() }
        }
    }
}

extension Trait where Self == AllTransports {
    /// Each test runs over all transports.
    static var allTransports: Self { Self() }
}

/// Sends requests over a transport.
protocol RequestSender: Sendable {
    func send(_ head: HTTPRequest, _ body: ByteBuffer?) async throws -> Answer
}

/// Calls the pipeline as a connection does.
struct PipelineSender: RequestSender {
    let server: MusterServer

    func send(_ head: HTTPRequest, _ body: ByteBuffer?) async throws -> Answer {
        var head = head
        if let body { head.headerFields[.contentLength] = String(body.readableBytes) }
        let channel = NIOAsyncTestingChannel()
        let pipeline = server.pipeline
        let request = pipeline.request(
            head, shown: pipeline.shownCredentials(head.headerFields),
            from: RequestSource(channel, pipeline.terms.logger))
        let bytes = body ?? ByteBuffer()
        let isShort = bytes.readableBytes <= 64 << 10 && !pipeline.streamsBody(of: request)
        let pending = PendingAnswer()
        let incoming = isShort ? IncomingBody.whole(bytes) : .stream(RequestBody(buffer: bytes))
        let step = pipeline.begin(request, incoming) { answer in pending.answer.withLock { $0 = answer } }
        let answer: HTTPServing.Answer
        switch step {
        case .answer(let given): answer = given
        case .task(let work): answer = try await work()
        case .pending: answer = await pending.value(on: channel)
        }
        let sink = BodySink()
        try await answer.body.parts.write(sink)
        return Answer(status: answer.status.code, headers: answer.headers, text: sink.text)
    }
}

/// An answer that comes by itself.
private final class PendingAnswer: Sendable {
    let answer = Mutex<HTTPServing.Answer?>(nil)

    /// The answer, once the channel's event loop has brought it.
    func value(on channel: NIOAsyncTestingChannel) async -> HTTPServing.Answer {
        while true {
            await channel.testingEventLoop.run()
            if let answer = answer.withLock({ $0 }) { return answer }
            await Task.yield()
        }
    }
}

/// Keeps what is written.
private final class BodySink: ResponseBodyWriter {
    private let bytes = Mutex(ByteBuffer())

    var text: String { bytes.withLock { String(buffer: $0) } }

    func write(_ buffer: ByteBuffer) async throws { bytes.withLock { _ = $0.writeImmutableBuffer(buffer) } }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}

/// Sends over connections that are taken again.
final class SocketSender: RequestSender {
    private let port: Int
    private let idle = Mutex<[TestClient]>([])

    init(port: Int) { self.port = port }

    func send(_ head: HTTPRequest, _ body: ByteBuffer?) async throws -> Answer {
        let client = idle.withLock { $0.popLast() } ?? connect()
        let request = TestClient.Request(
            Self.encoded(head.path ?? "/"), method: head.method, authority: "localhost", headers: head.headerFields,
            body: body)
        let response = try await client.execute(request)
        if response.headers[.connection] != "close" { idle.withLock { $0.append(client) } }
        return Answer(
            status: response.status.code, headers: response.headers,
            text: response.body.map { String(buffer: $0) } ?? "")
    }

    /// A target as clients send it, without blanks and other characters that no head may have.
    private static func encoded(_ target: String) -> String {
        let isLegal = { (byte: UInt8) in byte > 0x20 && byte < 0x7F && !"\"<>\\^`{|}".utf8.contains(byte) }
        return target.utf8.reduce(into: "") { text, byte in
            text += isLegal(byte) ? String(UnicodeScalar(byte)) : "%" + String(Int(byte) + 0x100, radix: 16).dropFirst()
        }
    }

    /// Ends all connections.
    func close() async { for client in idle.withLock({ $0 }) { try? await client.shutdown() } }

    private func connect() -> TestClient {
        let client = TestClient(host: "127.0.0.1", port: port, configuration: .init(timeout: .seconds(300)))
        client.connect()
        return client
    }
}
