package import Basics
import JSON
package import Logging
package import NIOCore
import NIOHTTP1

/// Lets only those requests reach the upgrade to WebSocket that will be upgraded.
///
/// NIO's upgrader forgets the first request of a connection if it names a protocol in vain: it would never be answered. So
/// all requests that are not to be upgraded go on without the header that names one. While it is decided about one, nothing
/// more is read than what came with it.
final class UpgradeFilter: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let encoder: ResponseEncoder
    private let refuse: (HeadRefusal) -> Answer
    /// Decides about a proper request to upgrade.
    private let decide: @Sendable (HTTPRequestHead) async -> Bool
    /// What has come while that is being decided; nil before the first part.
    private var waiting: [HTTPServerRequestPart]?
    /// What went wrong meanwhile.
    private var failure: (any Error)?
    private var isReadHeld = false
    private var isQuiescing = false
    /// Whether the first request was none.
    private var isOver = false

    /// A filter.
    ///
    /// - Parameters:
    ///   - refuse: makes the answer to a head that cannot be parsed.
    ///   - decide: decides about a proper request to upgrade.
    init(
        _ encoder: ResponseEncoder, refuse: @escaping (HeadRefusal) -> Answer,
        decide: @escaping @Sendable (HTTPRequestHead) async -> Bool
    ) {
        (self.encoder, self.refuse, self.decide) = (encoder, refuse, decide)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isOver { return }
        let part = unwrapInboundIn(data)
        guard waiting == nil else {
            waiting?.append(part)
            return
        }
        waiting = [part]
        guard case .head(let head) = part, Self.isUpgrade(head) else { return release(context, isUpgraded: false) }
        let decision = context.eventLoop.makePromise(of: Bool.self)
        decision.completeWithTask { [decide] in await decide(head) }
        decision.futureResult.assumeIsolated().whenSuccess { self.release(context, isUpgraded: $0) }
    }

    func channelReadComplete(context: ChannelHandlerContext) { if waiting == nil { context.fireChannelReadComplete() } }

    func read(context: ChannelHandlerContext) {
        isReadHeld = waiting != nil
        if !isReadHeld { context.read() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if isOver { return }
        if waiting != nil {
            failure = failure ?? error
        } else if let error = error as? HTTPParserError {
            guard context.channel.isActive, error != .invalidEOFState else { return context.close(promise: nil) }
            isOver = true
            let refusal = HeadRefusal(error, encoder.parsed)
            encoder.refuse(refusal, with: refuse(refusal))
        } else {
            context.fireErrorCaught(error)
        }
    }

    /// Who has not asked anything yet need not be waited for when the server stops.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is ChannelShouldQuiesceEvent else { return context.fireUserInboundEventTriggered(event) }
        isQuiescing = true
        if waiting == nil { context.close(promise: nil) }
    }

    private func release(_ context: ChannelHandlerContext, isUpgraded: Bool) {
        guard context.channel.isActive else { return }
        for part in waiting ?? [] {
            if case .head(var head) = part, !isUpgraded {
                head.headers.remove(name: "upgrade")
                context.fireChannelRead(wrapInboundOut(.head(head)))
            } else {
                context.fireChannelRead(wrapInboundOut(part))
            }
        }
        waiting = nil
        context.fireChannelReadComplete()
        if let failure { context.fireErrorCaught(failure) }
        if isQuiescing { context.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
        if isReadHeld { context.read() }
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }

    /// Whether the upgrader would take it (RFC 6455 §4.2.1).
    private static func isUpgrade(_ head: HTTPRequestHead) -> Bool {
        let headers = head.headers
        return head.method == .GET && headers[canonicalForm: "upgrade"].map { $0.asciiLowercased } == ["websocket"]
            && headers["sec-websocket-version"] == ["13"] && headers["sec-websocket-key"].count == 1
            && !headers.contains(name: "content-length") && !headers.contains(name: "transfer-encoding")
    }
}

/// Where a facade's clients may ask for a WebSocket (RFC 6455), and who serves them.
package struct WebSocketEndpoint: Sendable {
    /// Serves a client until it or the server leaves.
    package typealias Session = @Sendable (_ channel: any Channel, _ inbox: SocketInbox, Logger) async -> Void

    /// Whose time silence is measured by.
    let clock: any TimeSource
    /// Says who serves the client that sent a request; nil to answer it as any other.
    let admit: @Sendable (ServerRequest) async -> Session?

    /// An endpoint.
    ///
    /// - Parameters:
    ///   - clock: whose time silence is measured by.
    ///   - admit: says who serves the client that sent a request, if it is at the right place and may; nil to answer it as
    ///     any other. What it returns is kept as long as the client stays, so it should hold little memory.
    package init(
        clock: any TimeSource,
        admit: @escaping @Sendable (ServerRequest) async -> Session?
    ) {
        (self.clock, self.admit) = (clock, admit)
    }
}
