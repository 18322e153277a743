import Basics
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1
import NIOSSL
import NIOWebSocket
import Synchronization

/// A connection that speaks HTTP, or, if its first request asks for it at the right place, WebSocket (RFC 6455).
struct HTTPChannel: ServerChildChannel {
    /// What a connection turned out to speak.
    enum Outcome: Sendable {
        /// What has to wait of its requests comes as jobs.
        case http(AsyncStream<HTTPConnectionHandler.Job>)
        case webSocket(SocketInbox, WebSocketEndpoint.Session)
    }

    struct Value: ServerChildChannelValue {
        let channel: any Channel
        let outcome: EventLoopFuture<Outcome>
    }

    /// The largest frame and message of a client, in bytes.
    static let largestMessage = 64 << 10

    let listener: Listener
    let terms: ServingTerms

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            guard try terms.connections.admit(channel) else {
                channel.close(promise: nil)
                return Value(
                    channel: channel, outcome: channel.eventLoop.makeFailedFuture(ChannelError.ioOnClosedChannel))
            }
            if let tls = listener.certificates?.context {
                try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
            }
            let source = RequestSource(channel, logger)
            let admitted = AdmittedSocket()
            let upgrade = NIOTypedHTTPServerUpgradeConfiguration(upgraders: [upgrader(admitted)]) { channel in
                channel.eventLoop.makeCompletedFuture { .http(try addHTTPHandlers(to: channel, source)) }
            }
            var configuration = NIOUpgradableHTTPServerPipelineConfiguration(upgradeConfiguration: upgrade)
            configuration.enablePipelining = false
            configuration.enableErrorHandling = false
            configuration.enableResponseHeaderValidation = false
            let outcome = try channel.pipeline.syncOperations.configureUpgradableHTTPServerPipeline(
                configuration: configuration)
            try addFilter(to: channel, source, admitted)
            limitWait(for: outcome, channel)
            return Value(channel: channel, outcome: outcome)
        }
    }

    func handle(value: Value, logger: Logger) async {
        do {
            switch try await value.outcome.get() {
            case .http(let jobs): await perform(jobs)
            case .webSocket(let inbox, let serve): await serve(value.channel, inbox, logger)
            }
        } catch {
            logger.trace("a connection ended before its first request", metadata: ["cause": "\(error)"])
        }
        value.channel.close(promise: nil)
    }

    /// Apart, so that the memory that its jobs need is not also kept for each watcher.
    @inline(never)
    private func perform(_ jobs: AsyncStream<HTTPConnectionHandler.Job>) async { for await job in jobs { await job() } }

    private func addHTTPHandlers(
        to channel: any Channel, _ source: RequestSource
    ) throws -> AsyncStream<HTTPConnectionHandler.Job> {
        let pipeline = channel.pipeline.syncOperations
        let encoder = try pipeline.handler(type: ResponseEncoder.self)
        // Answers are written by our own encoder.
        pipeline.removeHandler(try pipeline.handler(type: HTTPResponseEncoder.self), promise: nil)
        let (jobs, continuation) = AsyncStream.makeStream(of: HTTPConnectionHandler.Job.self)
        try pipeline.addHandlers(
            DepartureHandler(terms.disconnects),
            HTTPConnectionHandler(listener, terms, source, encoder, jobs: continuation))
        return jobs
    }

    /// Upgrades whomever the filter let through.
    private func upgrader(_ admitted: AdmittedSocket) -> NIOTypedWebSocketServerUpgrader<Outcome> {
        NIOTypedWebSocketServerUpgrader(
            maxFrameSize: Self.largestMessage, enableAutomaticErrorHandling: false
        ) { channel, _ in
            channel.eventLoop.makeSucceededFuture([:])
        } upgradePipelineHandler: { channel, _ in
            channel.eventLoop.makeCompletedFuture {
                guard let (clock, session) = admitted.take() else { throw ChannelError.inappropriateOperationForState }
                let pipeline = channel.pipeline.syncOperations
                let aggregator = NIOWebSocketFrameAggregator(
                    minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: 64,
                    maxAccumulatedFrameSize: Self.largestMessage)
                let inbox = SocketInbox(ringing: AsyncSignal(), clock: clock)
                pipeline.removeHandler(try pipeline.handler(type: ResponseEncoder.self), promise: nil)
                let decoder = try pipeline.handler(type: ByteToMessageHandler<WebSocketFrameDecoder>.self)
                try pipeline.addHandler(FrameValidator(largestFrame: Self.largestMessage), position: .before(decoder))
                try pipeline.addHandlers(PreencodedFrameHandler(pipeline), aggregator, SocketReceiver(inbox))
                return .webSocket(inbox, session)
            }
        }
    }

    /// Only clients that we know are upgraded; the others are answered as any request is.
    private func addFilter(to channel: any Channel, _ source: RequestSource, _ admitted: AdmittedSocket) throws {
        let pipeline = channel.pipeline.syncOperations
        let encoder = ResponseEncoder(RequestTimer(terms.timeouts), terms.connections)
        let httpEncoder = try pipeline.handler(type: HTTPResponseEncoder.self)
        try pipeline.addHandler(encoder, position: .before(httpEncoder))
        let filter = UpgradeFilter(encoder) { [listener] in
            listener.facades[0].refusal($0.error)
        } decide: { [listener] head in
            let responder = listener.facades[listener.facade(for: head.uri)]
            guard let endpoint = responder.webSocket,
                let head = try? HTTPRequest(head, secure: false, splitCookie: false),
                let session = await endpoint.admit(
                    responder.request(head, shown: responder.shownCredentials(head.headerFields), from: source))
            else { return false }
            admitted.put(endpoint.clock, session)
            return true
        }
        let upgrader = try pipeline.handler(type: NIOTypedHTTPServerUpgradeHandler<Outcome>.self)
        try pipeline.addHandler(filter, position: .before(upgrader))
    }

    /// Who connects and asks nothing is let go after a while, and so is who does not get on with TLS.
    private func limitWait(for outcome: EventLoopFuture<Outcome>, _ channel: any Channel) {
        let limit = channel.eventLoop.scheduleTask(in: TimeAmount(terms.timeouts.head)) {
            channel.close(promise: nil)
        }
        outcome.whenComplete { _ in limit.cancel() }
    }
}

/// Who serves a client, on the way from its request to its WebSocket.
private final class AdmittedSocket: Sendable {
    private struct State: Sendable {
        var admission: (clock: any TimeSource, session: WebSocketEndpoint.Session)?
    }

    private let state = Mutex(State())

    /// Notes who serves the client.
    func put(_ clock: any TimeSource, _ session: @escaping WebSocketEndpoint.Session) {
        state.withLock { $0.admission = (clock, session) }
    }

    /// Takes that out; nil if there is nothing.
    func take() -> (clock: any TimeSource, session: WebSocketEndpoint.Session)? {
        state.withLock { state in
            defer { state.admission = nil }
            return state.admission
        }
    }
}
