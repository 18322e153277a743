public import HTTPServing
public import HummingbirdCore
public import Logging
public import NIOCore
import NIOHTTP1
public import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// A connection of a port beside the API's, in plain HTTP: guarded as those of the API are, and no more.
public struct PlainHTTPChannel: HTTPChannelHandler {
    /// What a connection is once it is set up.
    public typealias Value = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    /// Answers requests.
    public let responder: HTTPChannelHandler.Responder
    private let registry: ConnectionRegistry
    private let timeouts: Timeouts

    /// The channels of a port.
    ///
    /// - Parameters:
    ///   - registry: has the connections of all ports.
    ///   - timeouts: how long clients may take.
    public init(
        _ responder: @escaping HTTPChannelHandler.Responder, registry: ConnectionRegistry, timeouts: Timeouts
    ) {
        (self.responder, self.registry, self.timeouts) = (responder, registry, timeouts)
    }

    /// Puts a connection's handlers together.
    public func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let isAdmitted = try registry.admit(channel)
            if isAdmitted { try addHandlers(to: channel.pipeline.syncOperations, logger) }
            let value = try NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>(
                wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
            if !isAdmitted { channel.close(promise: nil) }
            return value
        }
    }

    /// Answers the requests of a connection.
    public func handle(value: Value, logger: Logger) async { await handleHTTP(asyncChannel: value, logger: logger) }

    private func addHandlers(to pipeline: ChannelPipeline.SynchronousOperations, _ logger: Logger) throws {
        let timer = RequestTimer(timeouts)
        let encoder = ResponseEncoder(timer)
        try pipeline.configureHTTPServerPipeline(
            withPipeliningAssistance: false, withErrorHandling: false, withOutboundHeaderValidation: false)
        let httpEncoder = try pipeline.handler(type: HTTPResponseEncoder.self)
        try pipeline.addHandler(encoder, position: .before(httpEncoder))
        try pipeline.addHandlers(
            RequestTimerHandler(timer), HTTPConformanceHandler(registry, encoder, bodyLimit: 0),
            HTTP1ToHTTPServerCodec(secure: false), HTTPConnectionStateHandler(logger: logger))
    }
}

/// Tells a timer how requests and answers go on, where all of them pass.
private final class RequestTimerHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let timer: RequestTimer
    private var waiting = 0

    init(_ timer: RequestTimer) { self.timer = timer }

    /// Who connects and asks nothing is let go after a while.
    func channelActive(context: ChannelHandlerContext) {
        timer.receive(0, context)
        context.fireChannelActive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { timer.stop() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            waiting += 1
            timer.begin(context)
        case .body: break
        case .end: timer.end()
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        context.write(data, promise: promise)
        guard case .end = unwrapOutboundIn(data) else { return }
        waiting = max(0, waiting - 1)
        if waiting == 0 { timer.finish(context) }
    }
}
