import Hummingbird
import NIOCore
import NIOHTTP1

/// A connection that speaks HTTP: reads requests, takes each through its facade's pipeline, and writes the answers in the order
/// of the requests.
///
/// Requests are taken one at a time, as far as that goes without waiting, on the connection's event loop: no thread changes for
/// what need not wait. What has to wait goes on as a job of the connection's task. What comes meanwhile waits here, bounded.
final class HTTPConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// What a connection's task does, one after the other.
    typealias Job = @Sendable () async -> Void

    private enum State {
        /// All requests are answered.
        case ready
        /// The body of a request is coming, which is short and read before anything is done about it.
        case collecting(ServerRequest, ByteBuffer)
        /// A request is being answered.
        case answering
        /// A request is answered, and the rest of its body is passed over.
        case skipping
    }

    /// What ends a connection, and must not before the last answer.
    private enum End {
        case silent
        case refusal(HeadRefusal)
    }

    /// Bodies that are announced with at most so many bytes are collected before anything is done about the request.
    private static let longestCollected = 64 << 10
    /// While so many parts of later requests wait, no more are read.
    private static let longestBacklog = 64
    /// Up to so many bytes of answers wait for the end of a read, to be sent as one.
    private static let longestUnflushed = 64 << 10
    /// About how many bytes the head of an answer has.
    private static let headSize = 300

    private let listener: Listener
    private let terms: ServingTerms
    private let source: RequestSource
    private let encoder: ResponseEncoder
    private let timer: RequestTimer
    private let jobs: AsyncStream<Job>.Continuation
    private let executor: LoopExecutor
    private var reader = HeadReader()
    private var context: ChannelHandlerContext?
    private var state = State.ready
    /// The request that is being read or answered.
    private var exchange: Exchange?
    /// Which facade answers it.
    private var facade = 0
    /// Where its body goes, if its task reads it as it comes.
    private var body: RequestBodySource?
    /// What came while a request was being answered.
    private var backlog = CircularBuffer<HTTPServerRequestPart>()
    /// What is to be done once that is answered.
    private var end: End?
    private var isReading = false
    /// Bytes of answers that wait to be flushed.
    private var unflushed = 0
    private var isReadHeld = false
    private var isCatchingUp = false
    private var isQuiescing = false
    /// Whether the last answer of the connection is written, so that nothing more counts.
    private var isOver = false

    /// The handler of a connection.
    ///
    /// - Parameter jobs: takes what has to wait, to be done one after the other.
    init(
        _ listener: Listener, _ terms: ServingTerms, _ source: RequestSource, _ encoder: ResponseEncoder,
        jobs: AsyncStream<Job>.Continuation
    ) {
        (self.listener, self.terms, self.source, self.encoder) = (listener, terms, source, encoder)
        (self.jobs, timer) = (jobs, encoder.timer)
        executor = LoopExecutor(source.channel.eventLoop)
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        timer.stop()
        jobs.finish()
    }

    func channelInactive(context: ChannelHandlerContext) {
        isOver = true
        body?.fail(ChannelError.ioOnClosedChannel)
        body = nil
        jobs.finish()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver, end == nil else { return }
        isReading = true
        let part = unwrapInboundIn(data)
        if isHolding(context) { backlog.append(part) } else { pass(part, context) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        if unflushed > 0 { flush(context) }
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, case .ready = state, !backlog.isEmpty || end != nil { catchUp(context) }
        context.fireChannelWritabilityChanged()
    }

    func read(context: ChannelHandlerContext) {
        isReadHeld = backlog.count >= Self.longestBacklog || body?.isFull ?? false
        if !isReadHeld { context.read() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent {
            isQuiescing = true
            closeIfQuiescing()
        } else if case ChannelEvent.inputClosed = event {
            noteEnd(.silent, context)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // What follows a refused head is not parsed, which is an error too.
        guard !isOver, end == nil, context.channel.isActive else { return }
        if let error = error as? HTTPParserError, error != .invalidEOFState {
            noteEnd(.refusal(HeadRefusal(error, encoder.parsed)), context)
        } else {
            noteEnd(.silent, context)
        }
    }
}

/// How requests come in.
extension HTTPConnectionHandler {
    /// Whether what comes has to wait: for the answer to what came before, or, since answers to it would pile up, for the
    /// client to take some.
    private func isHolding(_ context: ChannelHandlerContext) -> Bool {
        if !backlog.isEmpty { return true }
        return switch state {
        case .answering: exchange?.isComplete ?? true
        case .ready: !context.channel.isWritable
        case .collecting, .skipping: false
        }
    }

    private func pass(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        switch (state, part) {
        case (.ready, .head(let head)): begin(head, context)
        case (.collecting(let request, var bytes), .body(var more)):
            state = .answering  // Lets go of the buffer, so that it is not copied.
            if bytes.readableBytes == 0 { swap(&bytes, &more) } else { bytes.writeBuffer(&more) }
            state = .collecting(request, bytes)
        case (.collecting(let request, let bytes), .end):
            noteComplete()
            answer(request, .whole(bytes))
        case (.answering, .body(let bytes)): body?.yield(bytes)
        case (.answering, .end):
            noteComplete()
            body?.finish()
            body = nil
        case (.skipping, .end):
            noteComplete()
            goOn(context)
        case (.skipping, .body), (.ready, _), (_, .head): break
        }
    }

    private func noteComplete() {
        exchange?.isComplete = true
        timer.end()
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        timer.begin(context)
        facade = listener.facade(for: head.uri)
        let responder = listener.facades[facade]
        do throws(HeadRefusal) {
            var exchange = try Exchange(head, bodyLimit: terms.bodyLimit)
            guard let reading = reader.read(head, for: facade, credentials: responder.shownCredentials) else {
                throw HeadRefusal(.badRequest, "This is no HTTP/1.1 request")
            }
            if exchange.awaitsContinue, !isRestHere { encoder.sendContinue() }
            exchange.awaitsContinue = false
            self.exchange = exchange
            let request = responder.request(reading.request, shown: reading.credentials, from: source)
            if let length = exchange.bodyLength, length <= Self.longestCollected, !responder.streamsBody(of: request) {
                state = .collecting(request, ByteBuffer())
            } else {
                answer(request, .stream(streamBody()))
            }
        } catch {
            refuse(error)
        }
    }

    /// Whether the rest of the request that begins is among what waits.
    private var isRestHere: Bool { backlog.contains { if case .end = $0 { true } else { false } } }

    /// The body that comes as it is taken.
    private func streamBody() -> RequestBody {
        let bound = NIOLoopBound(self, eventLoop: source.channel.eventLoop)
        let made = RequestBodySource.make { bound.eventLoop.execute { bound.value.readOn() } }
        body = made.source
        return made.body
    }

    /// Reads on, if that was held back for the sake of who reads the body.
    private func readOn() {
        body?.resume()
        guard isReadHeld, backlog.count < Self.longestBacklog else { return }
        isReadHeld = false
        context?.read()
    }

    private func answer(_ request: ServerRequest, _ bytes: IncomingBody) {
        state = .answering
        let writer = AnswerWriter(self, source.channel.eventLoop)
        let step = listener.facades[facade].begin(request, bytes) { answer in writer.handler.value.complete(answer) }
        switch step {
        case .answer(let answer): complete(answer)
        case .pending: break
        case .task(let work): jobs.yield { await writer.write { try await work() } }
        }
    }
}

/// How answers go out.
extension HTTPConnectionHandler {
    /// Sends an answer that was made without a task. What is long is made and sent part by part, on the event loop.
    private func complete(_ answer: Answer) {
        if answer.isShort { return send(answer) }
        let writer = AnswerWriter(self, source.channel.eventLoop)
        Task.immediateDetached(executorPreference: executor) { await writer.write { answer } }
    }

    /// Sends an answer that is all there, and short, and goes on.
    func send(_ answer: Answer) {
        guard var exchange, context != nil else { return }
        encoder.write(answer, to: &exchange)
        self.exchange = exchange
        unflushed += Self.headSize + (answer.body.length ?? 0)
        finish()
        guard let context, unflushed > 0 else { return }
        if !isReading || unflushed > Self.longestUnflushed { flush(context) }
    }

    /// Sends the head of an answer whose parts follow.
    ///
    /// - Returns: how its body is delimited; nil if there is nobody to send it to.
    func begin(_ answer: Answer) -> Exchange.Framing? {
        guard var exchange, context != nil else { return nil }
        defer { self.exchange = exchange }
        return encoder.begin(answer, to: &exchange)
    }

    /// Sends a part of an answer.
    ///
    /// - Parameter promise: kept when it has been sent.
    func send(_ part: ByteBuffer, _ framing: Exchange.Framing, _ promise: EventLoopPromise<Void>) {
        encoder.send(part, framing, promise)
    }

    /// Sends the end of an answer whose parts were sent, and goes on.
    func end(_ framing: Exchange.Framing) {
        guard let context else { return }
        encoder.end(framing)
        flush(context)
        finish()
    }

    /// There is no answer: the connection ends.
    func fail() { context?.close(promise: nil) }

    /// The answer is written: goes on with the rest of the request, or with what came meanwhile.
    private func finish() {
        guard let context, let exchange else { return }
        body?.finish()
        body = nil
        guard exchange.keepsAlive else {
            isOver = true
            backlog.removeAll()
            unflushed = 0
            return encoder.closeLingering()
        }
        if exchange.isComplete { return goOn(context) }
        state = .skipping
        catchUp(context)
    }

    private func goOn(_ context: ChannelHandlerContext) {
        state = .ready
        exchange = nil
        timer.finish(context)
        catchUp(context)
    }

    /// Goes on with what waits, as far as the client takes its answers.
    private func catchUp(_ context: ChannelHandlerContext) {
        guard !isCatchingUp else { return }
        isCatchingUp = true
        defer { isCatchingUp = false }
        while !backlog.isEmpty, !isOver {
            switch state {
            case .answering where exchange?.isComplete ?? true: return
            case .ready where !context.channel.isWritable: return
            default: pass(backlog.removeFirst(), context)
            }
        }
        if isOver { return }
        if isReadHeld, !(body?.isFull ?? false) {
            isReadHeld = false
            context.read()
        }
        if let end { finish(with: end, context) }
        closeIfQuiescing()
    }

    private func flush(_ context: ChannelHandlerContext) {
        unflushed = 0
        context.flush()
    }
}

/// How a connection ends.
extension HTTPConnectionHandler {
    /// Notes why nothing more comes, and ends the connection once all that came is answered.
    private func noteEnd(_ end: End, _ context: ChannelHandlerContext) {
        guard self.end == nil, !isOver else { return }
        self.end = end
        if backlog.isEmpty { finish(with: end, context) }
    }

    private func finish(with end: End, _ context: ChannelHandlerContext) {
        switch (state, end) {
        case (.ready, .silent):
            isOver = true
            unflushed = 0
            encoder.closeWhenSent()
        case (.ready, .refusal(let refusal)): refuse(refusal)
        case (.answering, _) where exchange?.isComplete ?? true: break
        case (.answering, _):
            // A body that breaks off: whoever reads it is told, and if nobody does the answer is the last one.
            exchange?.keepsAlive = false
            body?.fail(ChannelError.inputClosed)
            body = nil
        case (.collecting, _), (.skipping, _): context.close(promise: nil)
        }
    }

    private func refuse(_ refusal: HeadRefusal) {
        isOver = true
        backlog.removeAll()
        unflushed = 0
        encoder.refuse(refusal, with: listener.facades[0].refusal(refusal.error))
    }

    /// Ends the connection if the server is stopping and everything that came has been answered.
    private func closeIfQuiescing() {
        guard isQuiescing, !isOver, backlog.isEmpty, case .ready = state else { return }
        isOver = true
        unflushed = 0
        encoder.closeWhenSent()
    }
}
