import NIOCore

/// One watcher: asks for an upgrade to WebSocket, registers, and counts what it is told.
final class WatchingClient: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let number: Int
    private let token: String
    private let filter: String
    private let deliveries: Deliveries
    /// Completed once the server has acknowledged the registration.
    private var ready: EventLoopPromise<Void>?
    private var answer = ByteBuffer()
    private var isUpgraded = false
    private var frames: EventFrames

    init(
        _ number: Int, token: String, filter: String, prefix: String, _ deliveries: Deliveries,
        ready: EventLoopPromise<Void>
    ) {
        self.number = number
        self.token = token
        self.filter = filter
        self.deliveries = deliveries
        self.ready = ready
        frames = EventFrames(prefix: prefix)
    }

    func channelActive(context: ChannelHandlerContext) {
        let request = """
            GET /api/v3/ws HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(token)\r\nUpgrade: websocket\r\n\
            Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n
            """
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var part = unwrapInboundIn(data)
        if !isUpgraded {
            guard upgrade(&part, context) else { return }
        }
        let time = deliveries.now
        let numbers = frames.numbers(in: &part)
        if !numbers.isEmpty { deliveries.tell(number, numbers, at: time) }
        if frames.otherCount > 0 {
            ready?.succeed()
            ready = nil
        }
    }

    func channelInactive(context: ChannelHandlerContext) { fail("the server closed a watcher's connection") }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail("\(error)")
        context.close(promise: nil)
    }

    /// Reads the answer to the upgrade; whether it has come whole. Then `part` holds what followed it.
    private func upgrade(_ part: inout ByteBuffer, _ context: ChannelHandlerContext) -> Bool {
        answer.writeBuffer(&part)
        let view = answer.readableBytesView
        guard let end = view.firstRange(of: Array("\r\n\r\n".utf8)) else { return false }
        guard view.starts(with: Array("HTTP/1.1 101 ".utf8)) else {
            fail("no upgrade: \(String(buffer: answer))")
            return false
        }
        answer.moveReaderIndex(to: end.upperBound)
        swap(&part, &answer)
        answer = ByteBuffer()
        isUpgraded = true
        context.writeAndFlush(wrapOutboundOut(Self.masked("register \(filter)")), promise: nil)
        return true
    }

    /// A text frame of a client; the mask is all zeros, which is as good as any here.
    private static func masked(_ text: String) -> ByteBuffer {
        ByteBuffer(bytes: [0x81, 0x80 | UInt8(text.utf8.count), 0, 0, 0, 0] + Array(text.utf8))
    }

    private func fail(_ reason: String) {
        ready?.fail(BenchFailure(reason))
        ready = nil
    }
}

/// Why a measurement could not be made.
struct BenchFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
