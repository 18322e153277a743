import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import HTTPServing

/// What waits while it is decided whether a client may have a websocket.
@Suite struct UpgradeFilterTests {
    /// Counts how often the socket is to be read.
    private final class ReadCounter: ChannelOutboundHandler {
        typealias OutboundIn = Any
        var count = 0
        func read(context: ChannelHandlerContext) {
            count += 1
            context.read()
        }
    }

    @Test func `nothing more is read before a client that asks for a websocket is known`() throws {
        let channel = EmbeddedChannel()
        let counter = ReadCounter()
        let sieve = UpgradeFilter(ResponseEncoder(RequestTimer(Timeouts()), ConnectionRegistry())) { _ in
            Answer(status: .badRequest)
        } decide: { _ in
            // Nobody ever knows.
            try? await Task.sleep(for: .seconds(1 << 30))
            return false
        }
        try channel.pipeline.syncOperations.addHandlers(counter, sieve)
        channel.pipeline.read()
        #expect(counter.count == 1)
        var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/api/v3/ws")
        head.headers = [
            "Upgrade": "websocket", "Connection": "upgrade", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "x",
        ]
        try channel.writeInbound(HTTPServerRequestPart.head(head))
        for _ in 0..<3 { channel.pipeline.read() }
        #expect(counter.count == 1)
        #expect(try channel.readInbound(as: HTTPServerRequestPart.self) == nil)
    }
}
