import Basics
import NIOCore
import NIOHTTP1

/// Why a request has no answer.
struct ExchangeFailure: Error, CustomStringConvertible {
    let description: String
}

/// Sends one request after the other on a connection, and collects their answers.
final class ExchangeHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// Takes the answer to a request, or why there is none.
    typealias Completion = @Sendable (Result<APIResponse, ExchangeFailure>) -> Void

    /// The largest body of an answer, in bytes.
    private static let longest = 1 << 30

    private var context: ChannelHandlerContext?
    private var completion: Completion?
    private var timer: Scheduled<Void>?
    private var head: HTTPResponseHead?
    private var body = ByteBuffer()

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    /// Sends a request, and tells `completion` once.
    ///
    /// - Parameter patience: how long the answer may take.
    func send(
        _ request: HTTPRequestHead, _ bytes: [UInt8]?, within patience: TimeAmount,
        then completion: @escaping Completion
    ) {
        guard let context, context.channel.isActive, self.completion == nil else {
            return completion(.failure(ExchangeFailure(description: "the connection has ended")))
        }
        self.completion = completion
        context.write(wrapOutboundOut(.head(request)), promise: nil)
        if let bytes { context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: patience) { self.fail("it did not answer in time") }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body.clear()
        case .body(var part):
            guard body.readableBytes + part.readableBytes <= Self.longest else {
                return fail("its answer has more than \(Self.longest) bytes")
            }
            body.writeBuffer(&part)
        case .end: finish(context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail("it closed the connection")
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { fail("\(error)") }

    private func finish(_ context: ChannelHandlerContext) {
        guard let head else { return fail("its answer has no head") }
        self.head = nil
        // Closed before anybody sends on it again.
        if !head.isKeepAlive { context.close(promise: nil) }
        conclude(
            .success(
                APIResponse(
                    status: Int(head.status.code), headers: head.headers.map { ($0.name.asciiLowercased, $0.value) },
                    body: Array(body.readableBytesView))))
    }

    /// Ends the connection, on which nothing can be told apart any more.
    private func fail(_ reason: String) {
        let context = context
        self.context = nil
        conclude(.failure(ExchangeFailure(description: reason)))
        context?.close(promise: nil)
    }

    private func conclude(_ result: Result<APIResponse, ExchangeFailure>) {
        timer?.cancel()
        timer = nil
        let completion = completion.take()
        completion?(result)
    }
}
