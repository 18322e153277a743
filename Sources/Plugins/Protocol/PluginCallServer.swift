import Basics
import JSON
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Answers what one plug-in asks of the server, on a unix socket of its own (C §18).
struct PluginCallServer: Sendable {
    /// Answers a call.
    typealias Answerer = @Sendable (PluginCall) async throws(PluginError) -> JSONValue

    private let listener: any Channel

    /// How many connections a plug-in may have; further ones are closed.
    private static let mostConnections = 64
    /// The largest body that is read, in bytes.
    private static let longestBody = 16 << 20

    /// Begins to listen.
    ///
    /// - Parameters:
    ///   - path: of the socket, which nobody else listens on.
    ///   - answer: answers what is asked.
    /// - Throws: why it cannot be listened there.
    init(socket path: String, answer: @escaping Answerer) async throws(ProgramError) {
        let count = ConnectionCount(limit: Self.mostConnections)
        do {
            listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .childChannelInitializer { channel in
                    guard count.enter() else { return channel.close() }
                    channel.closeFuture.whenComplete { _ in count.leave() }
                    return channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
                        try pipeline.addHandler(NIOHTTPServerRequestAggregator(maxContentLength: Self.longestBody))
                        try pipeline.addHandler(PluginCallHandler(answer))
                    }
                }
                .bind(unixDomainSocketPath: path).get()
        } catch {
            throw ProgramError("the socket \(path) cannot be listened on: \(error)")
        }
    }

    /// Stops to listen.
    func close() async { try? await listener.close() }
}

/// How many connections there are.
private final class ConnectionCount: Sendable {
    private let count = Mutex(0)
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// - Returns: whether there may be one more, which then counts.
    func enter() -> Bool {
        count.withLock { count in
            guard count < limit else { return false }
            count += 1
            return true
        }
    }

    func leave() { count.withLock { $0 -= 1 } }
}

/// Answers the requests of one connection.
private final class PluginCallHandler: ChannelInboundHandler {
    typealias InboundIn = NIOHTTPServerRequestFull
    typealias OutboundOut = HTTPServerResponsePart

    private let answer: PluginCallServer.Answerer

    init(_ answer: @escaping PluginCallServer.Answerer) { self.answer = answer }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let request = unwrapInboundIn(data)
        let (channel, answer) = (context.channel, answer)
        let (head, body) = (request.head, request.body.map { Array($0.readableBytesView) } ?? [])
        // The pipeline hands out the next request when this one is answered, so there is one task a connection.
        Task { await PluginReply.answer(head, body, by: answer, to: channel) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// What a plug-in is answered.
private enum PluginReply {
    static func answer(
        _ head: HTTPRequestHead, _ body: [UInt8], by answer: PluginCallServer.Answerer, to channel: any Channel
    ) async {
        let (status, document) = await reply(to: head, body, answer)
        write(status, document, keepAlive: head.isKeepAlive, to: channel)
    }

    private static func reply(
        to head: HTTPRequestHead, _ body: [UInt8], _ answer: PluginCallServer.Answerer
    ) async -> (HTTPResponseStatus, JSONDocument) {
        do throws(PluginError) {
            let call = try PluginCall(head.method.rawValue, head.uri, body)
            return (.ok, JSONDocument(try await answer(call)))
        } catch {
            return (HTTPResponseStatus(statusCode: error.code), error.document)
        }
    }

    private static func write(
        _ status: HTTPResponseStatus, _ document: JSONDocument, keepAlive: Bool, to channel: any Channel
    ) {
        let bytes = ByteBuffer(bytes: document.bytes)
        var head = HTTPResponseHead(version: .http1_1, status: status)
        head.headers = ["Content-Type": "application/json", "Content-Length": String(bytes.readableBytes)]
        if !keepAlive { head.headers.add(name: "Connection", value: "close") }
        channel.write(HTTPServerResponsePart.head(head), promise: nil)
        channel.write(HTTPServerResponsePart.body(.byteBuffer(bytes)), promise: nil)
        let sent = channel.writeAndFlush(HTTPServerResponsePart.end(nil))
        if !keepAlive { sent.whenComplete { _ in channel.close(promise: nil) } }
    }
}
