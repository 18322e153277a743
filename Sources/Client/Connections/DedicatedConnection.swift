import Basics
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// A connection to the server for one who sends one request after the other, as what runs on a machine does: it has nothing to
/// share, so nothing is looked for, waited for or handed from thread to thread. It is made at the first request, and again when
/// it has ended.
///
/// A request is sent once, with the credentials that stand in its headers.
public final class DedicatedConnection: Sendable {
    /// Runs a task on the thread that reads and writes the connection.
    public let executor: any TaskExecutor
    private let transport: Transport
    private let settings: ClientSettings
    private let loop: any EventLoop
    private let current = Mutex<(channel: any Channel, exchange: NIOLoopBound<ExchangeHandler>)?>(nil)

    init(_ transport: Transport, _ settings: ClientSettings) {
        (self.transport, self.settings) = (transport, settings)
        loop = MultiThreadedEventLoopGroup.singleton.next()
        executor = EventLoopExecutor(loop)
    }

    deinit { current.withLock { $0 }?.channel.close(promise: nil) }

    /// Sends a request and gives the whole answer.
    ///
    /// - Throws: `ClientError`, also for an answer of a status of 400 and above.
    public func send(_ request: APIRequest) async throws(ClientError) -> APIResponse {
        let exchange = try await connected()
        let (head, body) = (head(of: request), request.body)
        let patience = TimeAmount.seconds(Int64(settings.readSeconds))
        let result: Result<APIResponse, ExchangeFailure> = await withCheckedContinuation { continuation in
            let begin: @Sendable () -> Void = {
                exchange.value.send(head, body, within: patience) { continuation.resume(returning: $0) }
            }
            if loop.inEventLoop { begin() } else { loop.execute(begin) }
        }
        let answer: APIResponse
        do throws(ExchangeFailure) { answer = try result.get() } catch {
            throw .unreachable(settings.address, error)
        }
        guard answer.status >= 400 else { return answer }
        throw ClientError(
            status: answer.status, answer.body, of: request.summary, requestID: answer.header("x-request-id"))
    }

    private func head(of request: APIRequest) -> HTTPRequestHead {
        var headers = HTTPHeaders()
        headers.add(name: "Host", value: settings.address.authority)
        headers.add(name: "Accept", value: "application/json")
        headers.add(name: "User-Agent", value: settings.userAgent)
        for (name, value) in request.headers { headers.add(name: name, value: value) }
        if let body = request.body {
            headers.add(name: "Content-Type", value: request.contentType)
            headers.add(name: "Content-Length", value: String(body.count))
        }
        return HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: request.method), uri: request.target, headers: headers)
    }

    /// Where requests are sent, as long as the connection stands.
    private func connected() async throws(ClientError) -> NIOLoopBound<ExchangeHandler> {
        if let current = current.withLock({ $0 }), current.channel.isActive { return current.exchange }
        let context = try await settings.address.isSecure ? transport.tlsContext() : nil
        let made: (channel: any Channel, exchange: NIOLoopBound<ExchangeHandler>)
        do {
            made = try await connect(context)
        } catch {
            throw .unreachable(settings.address, error)
        }
        current.withLock { $0 = made }
        return made.exchange
    }

    private func connect(
        _ context: NIOSSLContext?
    ) async throws -> (channel: any Channel, exchange: NIOLoopBound<ExchangeHandler>) {
        let address = settings.address
        let made = Mutex<NIOLoopBound<ExchangeHandler>?>(nil)
        let channel = try await ClientBootstrap(group: loop).connectTimeout(.seconds(Int64(settings.connectSeconds)))
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let context {
                        let handler = try NIOSSLClientHandler(context: context, serverHostname: address.serverName)
                        try pipeline.addHandler(handler)
                    }
                    try pipeline.addHTTPClientHandlers()
                    let exchange = ExchangeHandler()
                    try pipeline.addHandler(exchange)
                    made.withLock { $0 = NIOLoopBound(exchange, eventLoop: channel.eventLoop) }
                }
            }.connect(host: address.host, port: address.port).get()
        guard let exchange = made.withLock({ $0 }) else { throw ChannelError.ioOnClosedChannel }
        return (channel, exchange)
    }
}

extension MusterClient {
    /// A connection of its own to the server, for one who sends one request after the other.
    public func dedicatedConnection() -> DedicatedConnection { DedicatedConnection(transport, settings) }
}

/// Runs tasks on an event loop.
private final class EventLoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
