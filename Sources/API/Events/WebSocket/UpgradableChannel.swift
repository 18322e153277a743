import Access
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOWebSocket
import Synchronization
import Tracker

/// A connection that speaks HTTP, or, if its first request asks for it at the right place, WebSocket (RFC 6455).
struct UpgradableChannel: HTTPChannelHandler {
    /// What a connection turned out to speak.
    enum Outcome: Sendable {
        case http(NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>)
        case webSocket(NIOAsyncChannel<WebSocketFrame, WebSocketFrame>, Badge)
    }

    struct Value: ServerChildChannelValue {
        let channel: any Channel
        let outcome: EventLoopFuture<Outcome>
    }

    /// The largest frame and message of a client, in bytes.
    static let largestMessage = 64 << 10

    let responder: HTTPChannelHandler.Responder
    let services: Services
    let idleTimeout: Duration

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let upgrade = NIOTypedHTTPServerUpgradeConfiguration(upgraders: [upgrader()]) { channel in
                channel.eventLoop.makeCompletedFuture { .http(try httpChannel(channel, logger)) }
            }
            var configuration = NIOUpgradableHTTPServerPipelineConfiguration(upgradeConfiguration: upgrade)
            configuration.enablePipelining = false
            configuration.enableErrorHandling = false
            configuration.enableResponseHeaderValidation = false
            let outcome = try channel.pipeline.syncOperations.configureUpgradableHTTPServerPipeline(
                configuration: configuration)
            return Value(channel: channel, outcome: outcome)
        }
    }

    func handle(value: Value, logger: Logger) async {
        do {
            switch try await value.outcome.get() {
            case .http(let channel): await handleHTTP(asyncChannel: channel, logger: logger)
            case .webSocket(let channel, let badge):
                await SocketSession.run(channel, badge, services, logger: logger)
            }
        } catch {
            logger.trace("a connection ended before its first request", metadata: ["cause": "\(error)"])
            value.channel.close(promise: nil)
        }
    }

    private func httpChannel(
        _ channel: any Channel, _ logger: Logger
    ) throws -> NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart> {
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
        try pipeline.addHandler(HTTPConnectionStateHandler(idleTimeout: idleTimeout, logger: logger))
        return try NIOAsyncChannel(
            wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
    }

    /// Upgrades clients that we know; what it turns down is answered as any other request is.
    private func upgrader() -> NIOTypedWebSocketServerUpgrader<Outcome> {
        let admitted = AdmittedBadge()
        return NIOTypedWebSocketServerUpgrader(maxFrameSize: Self.largestMessage) { channel, head in
            let promise = channel.eventLoop.makePromise(of: HTTPHeaders?.self)
            promise.completeWithTask {
                guard let badge = await badge(head, channel.remoteAddress?.ipAddress) else { return nil }
                admitted.badge.withLock { $0 = badge }
                return [:]
            }
            return promise.futureResult
        } upgradePipelineHandler: { channel, _ in
            channel.eventLoop.makeCompletedFuture {
                guard let badge = admitted.badge.withLock({ $0 }) else { throw ChannelError.inappropriateOperationForState }
                let aggregator = NIOWebSocketFrameAggregator(
                    minNonFinalFragmentSize: 1, maxAccumulatedFrameCount: 64,
                    maxAccumulatedFrameSize: Self.largestMessage)
                try channel.pipeline.syncOperations.addHandler(aggregator)
                return .webSocket(try NIOAsyncChannel(wrappingChannelSynchronously: channel), badge)
            }
        }
    }

    private final class AdmittedBadge: Sendable {
        let badge = Mutex<Badge?>(nil)
    }

    /// Who asks for a websocket; nil if nobody does, or we do not know them.
    private func badge(_ head: HTTPRequestHead, _ address: String?) async -> Badge? {
        let path = RequestPath(head.uri, endpoint: services.configuration.endpointID)
        let isPlace = path.segments.first == "ws" && path.segments.count <= 2
        guard head.method == .GET, path.isAPI, isPlace else { return nil }
        if path.segments.count == 2, path.segments[1] != services.configuration.endpointID { return nil }
        var headers = HTTPFields()
        headers[.authorization] = head.headers["authorization"].first
        return try? await Badge(Credentials(headers, path.query), address: address, services)
    }
}
