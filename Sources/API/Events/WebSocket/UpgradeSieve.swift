import NIOCore
import NIOHTTP1

/// Lets only those requests reach the upgrade to WebSocket that will be upgraded.
///
/// NIO's upgrader forgets the first request of a connection if it names a protocol in vain: it would never be answered. So
/// all requests that are not to be upgraded go on without the header that names one.
final class UpgradeSieve: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    /// Decides about a proper request to upgrade.
    private let decide: @Sendable (HTTPRequestHead) async -> Bool
    /// What has come while that is being decided; nil before the first part.
    private var waiting: [HTTPServerRequestPart]?

    init(_ decide: @escaping @Sendable (HTTPRequestHead) async -> Bool) { self.decide = decide }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
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
        context.fireChannelReadComplete()
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }

    /// Whether the upgrader would take it (RFC 6455 §4.2.1).
    private static func isUpgrade(_ head: HTTPRequestHead) -> Bool {
        let headers = head.headers
        return head.method == .GET && headers[canonicalForm: "upgrade"].map { $0.lowercased() } == ["websocket"]
            && headers["sec-websocket-version"] == ["13"] && headers["sec-websocket-key"].count == 1
            && !headers.contains(name: "content-length") && !headers.contains(name: "transfer-encoding")
    }
}
