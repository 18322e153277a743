import Basics
import HTTPServing
import JSON
import NIOCore
import NIOHTTP1

/// What HTTP/1.1 asks of a server beside answers: `100 Continue`, clients of HTTP/1.0, ends of connections, and refusals
/// of heads that cannot be parsed (RFC 9110 §10.1.1, RFC 9112 §9).
///
/// It stands where requests that ask for any of that pass, both ways and in their order.
final class HTTPConformanceHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// One request that is being answered.
    private struct Exchange {
        /// Whether the client speaks HTTP/1.0.
        let isOld: Bool
        /// Whether the connection goes on after it.
        var keepsAlive: Bool
        /// Whether the client waits to be told to send the body.
        var awaitsContinue: Bool
        /// Whether all of the request is there.
        var isComplete = false
    }

    private let registry: ConnectionRegistry
    private let encoder: ResponseEncoder
    /// The longest body that a client is told to send.
    private let bodyLimit: Int
    private var exchanges = CircularBuffer<Exchange>()
    /// What is to be answered after all requests before it.
    private var refusal: HeadRefusal?
    /// Whether the last answer of the connection is written, so that nothing more counts.
    private var isOver = false

    init(_ registry: ConnectionRegistry, _ encoder: ResponseEncoder, bodyLimit: Int) {
        (self.registry, self.encoder, self.bodyLimit) = (registry, encoder, bodyLimit)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver, refusal == nil else { return }
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head, context)
        case .body: context.fireChannelRead(data)
        case .end:
            if !exchanges.isEmpty {
                exchanges[exchanges.index(before: exchanges.endIndex)].isComplete = true
            }
            context.fireChannelRead(data)
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !isOver, let exchange = exchanges.first else { return context.write(data, promise: promise) }
        switch unwrapOutboundIn(data) {
        case .head(var head) where exchange.isOld || !exchange.keepsAlive:
            adapt(&head, exchange)
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .head, .body: context.write(data, promise: promise)
        case .end:
            context.write(data, promise: promise)
            exchanges.removeFirst()
            goOn(after: exchange, context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // What follows a refused head is not parsed, which is an error too.
        guard !isOver, refusal == nil, context.channel.isActive else { return }
        guard let error = error as? HTTPParserError else { return context.fireErrorCaught(error) }
        // A body that breaks off belongs to the request that is being answered.
        guard exchanges.last?.isComplete ?? true else { return context.fireErrorCaught(error) }
        // Who leaves in the middle of a request waits for no answer.
        if error == .invalidEOFState { return exchanges.isEmpty ? context.close(promise: nil) : () }
        refuse(HeadRefusal(error, encoder.parsed), context)
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        var exchange = Exchange(isOld: head.version == .http1_0, keepsAlive: head.isKeepAlive, awaitsContinue: false)
        let expectations = head.headers["expect"]
        if !exchange.isOld, let expectation = expectations.first {
            guard expectations.count == 1, expectation.asciiLowercased.hasSameUTF8(as: "100-continue") else {
                return refuse(
                    HeadRefusal(.expectationFailed, "The only expectation that can be met is 100-continue"), context)
            }
            // Who announces too much is refused unread, and may have sent the body or not: nobody can tell what follows.
            let length = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
            exchange.awaitsContinue = length <= bodyLimit
            exchange.keepsAlive = exchange.keepsAlive && exchange.awaitsContinue
        }
        var head = head
        if !exchange.keepsAlive { head.headers.replaceOrAdd(name: "connection", value: "close") }
        exchanges.append(exchange)
        if exchanges.count == 1 { tellToContinue(context) }
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    /// Whoever speaks HTTP/1.0 knows no chunks: a body of unknown length ends with the connection.
    private func adapt(_ head: inout HTTPResponseHead, _ exchange: Exchange) {
        if exchange.isOld {
            head.version = .http1_0
            if !head.headers.contains(name: "content-length"), head.status.mayHaveResponseBody {
                exchanges[exchanges.startIndex].keepsAlive = false
            }
        }
        let isKept = exchanges.first?.keepsAlive ?? false
        head.headers.replaceOrAdd(name: "connection", value: isKept ? "keep-alive" : "close")
    }

    private func goOn(after exchange: Exchange, _ context: ChannelHandlerContext) {
        guard exchange.keepsAlive else {
            isOver = true
            context.flush()
            return context.closeLingering()
        }
        if let refusal, exchanges.isEmpty { return finish(refusal, context) }
        tellToContinue(context)
    }

    private func refuse(_ refusal: HeadRefusal, _ context: ChannelHandlerContext) {
        guard exchanges.isEmpty else {
            self.refusal = refusal
            return
        }
        finish(refusal, context)
    }

    private func finish(_ refusal: HeadRefusal, _ context: ChannelHandlerContext) {
        isOver = true
        refusal.send(context, registry)
    }

    /// Tells the client whose turn it is to send its body, if it waits for that.
    private func tellToContinue(_ context: ChannelHandlerContext) {
        guard let exchange = exchanges.first, exchange.awaitsContinue, !exchange.isComplete else { return }
        exchanges[exchanges.startIndex].awaitsContinue = false
        let head = HTTPResponseHead(version: .http1_1, status: .continue)
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
    }
}
