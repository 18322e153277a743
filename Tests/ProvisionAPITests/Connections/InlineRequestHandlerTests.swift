import Logging
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import HTTPServing
@testable import ProvisionAPI

/// Requests that are answered on the event loop of their connection.
@Suite(.timeLimit(.minutes(10))) struct DirectResponderTests {
    @Test func `what came before the server stops is answered before the connection ends`() async throws {
        let server = try await TestServer()
        let channel = NIOAsyncTestingChannel()
        try await channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1))
        try await channel.eventLoop.submit {
            let timer = RequestTimer(Timeouts())
            let encoder = ResponseEncoder(timer)
            let responder = Responder(services: server.server.services, table: server.server.routes)
            let source = RequestSource(channel, Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let decoder = ByteToMessageHandler(HTTPRequestDecoder())
            let direct = InlineRequestHandler(responder, source, encoder, timer)
            try channel.pipeline.syncOperations.addHandlers(encoder, HTTPResponseEncoder(), decoder, direct)
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
