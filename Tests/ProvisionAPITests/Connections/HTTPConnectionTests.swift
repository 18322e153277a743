import Logging
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import HTTPServing
@testable import ProvisionAPI

/// A connection with all its handlers but the socket.
@Suite(.timeLimit(.minutes(10))) struct HTTPConnectionTests {
    @Test func `what came before the server stops is answered before the connection ends`() async throws {
        let server = try await TestServer()
        let channel = NIOAsyncTestingChannel()
        try await channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1))
        try await channel.eventLoop.submit {
            let terms = ServingTerms(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let encoder = ResponseEncoder(RequestTimer(Timeouts()), terms.connections)
            let listener = Listener(name: "test", host: "", port: 0, facades: [server.server.pipeline])
            let handler = HTTPConnectionHandler(
                listener, terms, RequestSource(channel, terms.logger), encoder,
                jobs: AsyncStream.makeStream(of: HTTPConnectionHandler.Job.self).continuation)
            let decoder = ByteToMessageHandler(HTTPRequestDecoder())
            try channel.pipeline.syncOperations.addHandlers(encoder, decoder, handler)
        }.get()
        // The write waits for the committer, and what follows it waits for the write.
        let both =
            Self.request("POST", "/machines", #"{"Name": "last"}"#, server.token)
            + Self.request("GET", "/machines?Name=last", "", server.token)
        try await channel.writeInbound(ByteBuffer(string: both))
        channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        while channel.isActive {
            await channel.testingEventLoop.run()
            await Task.yield()
        }
        var answers: [String] = []
        while let bytes = try await channel.readOutbound(as: ByteBuffer.self) {
            if bytes.readableBytes > 0 { answers.append(String(buffer: bytes)) }
        }
        #expect(answers.map { $0.prefix(12) } == ["HTTP/1.1 201", "HTTP/1.1 200"])
        #expect(answers.last?.contains(#""Name":"last""#) == true)
    }

    private static func request(_ method: String, _ path: String, _ body: String, _ token: String) -> String {
        "\(method) /api/v3\(path) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(token)\r\n"
            + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }
}
