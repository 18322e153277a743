import Access
import Basics
import HTTPServing
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOSSL
import NIOWebSocket
import Synchronization
import Tracker

/// A connection that speaks HTTP, or, if its first request asks for it at the right place, WebSocket (RFC 6455).
struct UpgradableChannel: HTTPChannelHandler {
    /// What a connection turned out to speak.
    enum Outcome: Sendable {
        case http(HTTPConnection)
        case webSocket(SocketInbox, AdmittedCredentials)
    }

    /// In a box, because the task of each watcher keeps room for whatever its connection might have become.
    final class HTTPConnection: Sendable {
        let channel: NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

        init(_ channel: NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>) { self.channel = channel }
    }

    struct Value: ServerChildChannelValue {
        let channel: any Channel
        let outcome: EventLoopFuture<Outcome>
    }

    /// The largest frame and message of a client, in bytes.
    static let largestMessage = 64 << 10

    /// Answers what comes through Hummingbird's stream.
    let responder: HTTPChannelHandler.Responder
    /// Answers what does not.
    let brief: Responder
    let services: Services

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            guard try services.configuration.connections.admit(channel) else {
                channel.close(promise: nil)
                return Value(
                    channel: channel, outcome: channel.eventLoop.makeFailedFuture(ChannelError.ioOnClosedChannel))
            }
            if let tls = services.configuration.certificates?.context {
                try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
            }
            let admitted = AdmittedCredentials()
            let upgrade = NIOTypedHTTPServerUpgradeConfiguration(upgraders: [upgrader(admitted)]) { channel in
                channel.eventLoop.makeCompletedFuture { .http(try httpConnection(channel, logger)) }
            }
            var configuration = NIOUpgradableHTTPServerPipelineConfiguration(upgradeConfiguration: upgrade)
            configuration.enablePipelining = false
            configuration.enableErrorHandling = false
            configuration.enableResponseHeaderValidation = false
            let outcome = try channel.pipeline.syncOperations.configureUpgradableHTTPServerPipeline(
                configuration: configuration)
            let encoder = ResponseEncoder(RequestTimer(services.configuration.timeouts))
            let httpEncoder = try channel.pipeline.syncOperations.handler(type: HTTPResponseEncoder.self)
            try channel.pipeline.syncOperations.addHandler(encoder, position: .before(httpEncoder))
            try addSieve(to: channel, encoder, admitted, logger)
            limitWait(for: outcome, channel)
            return Value(channel: channel, outcome: outcome)
        }
    }

    func handle(value: Value, logger: Logger) async {
        do {
            switch try await value.outcome.get() {
            case .http(let connection): await serve(connection, logger)
            case .webSocket(let inbox, let admitted):
                await SocketSession.run(value.channel, inbox, admitted, services, logger: logger)
            }
        } catch {
            logger.trace("a connection ended before its first request", metadata: ["cause": "\(error)"])
            value.channel.close(promise: nil)
        }
    }

    /// Apart, so that the memory that its tasks need is not also kept for each watcher.
    @inline(never)
    private func serve(_ connection: HTTPConnection, _ logger: Logger) async {
        await handleHTTP(asyncChannel: connection.channel, logger: logger)
    }

    private func httpConnection(_ channel: any Channel, _ logger: Logger) throws -> HTTPConnection {
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(DepartureHandler(services.departures))
        let encoder = try pipeline.handler(type: ResponseEncoder.self)
        try pipeline.addHandler(InlineRequestHandler(brief, RequestSource(channel, logger), encoder, encoder.timer))
        let configuration = services.configuration
        try pipeline.addHandler(
            HTTPConformanceHandler(configuration.connections, encoder, bodyLimit: configuration.bodyLimit))
        try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
        return HTTPConnection(
            try NIOAsyncChannel(
                wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true)))
    }

    /// Upgrades whomever the sieve let through.
    private func upgrader(_ admitted: AdmittedCredentials) -> NIOTypedWebSocketServerUpgrader<Outcome> {
        NIOTypedWebSocketServerUpgrader(
            maxFrameSize: Self.largestMessage, enableAutomaticErrorHandling: false
        ) { channel, _ in
            channel.eventLoop.makeSucceededFuture([:])
        } upgradePipelineHandler: { channel, _ in
            channel.eventLoop.makeCompletedFuture {
                let pipeline = channel.pipeline.syncOperations
                let aggregator = NIOWebSocketFrameAggregator(
                    minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: 64,
                    maxAccumulatedFrameSize: Self.largestMessage)
                let inbox = SocketInbox(ringing: AsyncSignal(), clock: services.tracker.environment.clock)
                pipeline.removeHandler(try pipeline.handler(type: ResponseEncoder.self), promise: nil)
                let decoder = try pipeline.handler(type: ByteToMessageHandler<WebSocketFrameDecoder>.self)
                try pipeline.addHandler(FrameValidator(largestFrame: Self.largestMessage), position: .before(decoder))
                try pipeline.addHandlers(PreencodedFrameHandler(pipeline), aggregator, SocketReceiver(inbox))
                return .webSocket(inbox, admitted)
            }
        }
    }

    /// Only clients that we know are upgraded; the others are answered as any request is.
    private func addSieve(
        to channel: any Channel, _ encoder: ResponseEncoder, _ admitted: AdmittedCredentials, _ logger: Logger
    ) throws {
        let pipeline = channel.pipeline.syncOperations
        let sieve = UpgradeFilter(services.configuration.connections, encoder) { head in
            let badge = await badge(head, channel, logger)
            admitted.put(badge)
            return badge != nil
        }
        let upgrader = try pipeline.handler(type: NIOTypedHTTPServerUpgradeHandler<Outcome>.self)
        try pipeline.addHandler(sieve, position: .before(upgrader))
    }

    /// Who connects and asks nothing is let go after a while, and so is who does not get on with TLS.
    private func limitWait(for outcome: EventLoopFuture<Outcome>, _ channel: any Channel) {
        let limit = channel.eventLoop.scheduleTask(in: TimeAmount(services.configuration.timeouts.head)) {
            channel.close(promise: nil)
        }
        outcome.whenComplete { _ in limit.cancel() }
    }

    /// Who asks for a websocket; nil if nobody does, or we do not know them.
    private func badge(_ head: HTTPRequestHead, _ channel: any Channel, _ logger: Logger) async -> WatcherCredentials? {
        let path = RequestPath(head.uri, endpoint: services.configuration.endpointID)
        let isPlace = path.segments.first == "ws" && path.segments.count <= 2
        guard head.method == .GET, path.isAPI, isPlace else { return nil }
        if path.segments.count == 2, path.segments[1] != services.configuration.endpointID { return nil }
        var headers = HTTPFields()
        headers[.authorization] = head.headers["authorization"].first
        let audit = AuditLog(logger: logger, id: nil, address: channel.remoteAddress?.ipAddress)
        let credentials = await services.requestAuthenticator.credentials(headers, path.query, channel)
        guard let badge = try? await WatcherCredentials(credentials, services, audit) else { return nil }
        audit.log(.info, "websocket", ["principal": "\(badge.principal.displayed)"])
        return badge
    }
}

/// The badge of a client on its way from the request to the session. Badges are large: as values they would have a place in
/// the memory of every task that hands them on, for as long as the client watches.
final class AdmittedCredentials: Sendable {
    private let badge = Mutex<WatcherCredentials?>(nil)

    /// Notes who was let in; nil for nobody.
    func put(_ badge: WatcherCredentials?) { self.badge.withLock { $0 = badge } }

    /// Takes the badge out; nil if there is none.
    func take() -> WatcherCredentials? {
        badge.withLock { badge in
            defer { badge = nil }
            return badge
        }
    }
}
