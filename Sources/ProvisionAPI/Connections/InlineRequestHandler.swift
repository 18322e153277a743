import HTTPServing
import Hummingbird
import NIOCore
import NIOHTTP1

/// Answers brief requests on their connection's event loop; all others go on to the stream that Hummingbird answers.
///
/// The way through the stream and back takes two changes of threads, and a dozen conversions that most answers do not need.
/// A request is brief if its route says so and it is plain: its body, if any, is announced and small, and it waits for
/// nothing. Answers go out in the order of the requests, whoever makes them.
final class InlineRequestHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        /// All requests are answered.
        case ready
        /// The body of a brief request is coming.
        case collecting(RoutedRequest, ByteBuffer)
        /// A brief request is being answered.
        case answering
        /// The stream has so many requests to answer.
        case passing(Int)
    }

    /// What ends a connection, and must not before the last answer.
    private enum End {
        case inputClosed
        case failure(any Error)
    }

    /// The longest body of a brief request, in bytes.
    static let longestBody = 64 << 10
    /// While so many parts of later requests wait, no more are read.
    private static let longestBacklog = 64
    /// Up to so many bytes of answers wait for the end of a read, to be sent as one.
    private static let longestUnflushed = 64 << 10

    private let responder: Responder
    private let source: RequestSource
    private let encoder: ResponseEncoder
    private let timer: RequestTimer
    private let executor: LoopExecutor
    private var reader = HeadReader()
    private var context: ChannelHandlerContext?
    private var state = State.ready
    /// What came while a request was being answered.
    private var backlog = CircularBuffer<HTTPServerRequestPart>()
    /// What is to be told to the stream once that is answered.
    private var end: End?
    private var isReading = false
    /// Bytes of answers that wait to be flushed.
    private var unflushed = 0
    private var isReadHeld = false
    private var isCatchingUp = false
    private var isQuiescing = false

    init(_ responder: Responder, _ source: RequestSource, _ encoder: ResponseEncoder, _ timer: RequestTimer) {
        self.responder = responder
        self.source = source
        self.encoder = encoder
        self.timer = timer
        executor = LoopExecutor(source.channel.eventLoop)
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        timer.stop()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
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
        isReadHeld = backlog.count >= Self.longestBacklog
        if !isReadHeld { context.read() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent {
            isQuiescing = true
            closeIfQuiescing(context)
        } else if isHolding(context), case ChannelEvent.inputClosed = event {
            end = end ?? .inputClosed
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if isHolding(context) {
            end = .failure(error)
        } else {
            context.fireErrorCaught(error)
        }
    }

    /// A part of an answer of the stream.
    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        context.write(data, promise: promise)
        guard case .end = unwrapOutboundIn(data), case .passing(let count) = state else { return }
        state = count > 1 ? .passing(count - 1) : .ready
        guard count == 1 else { return }
        timer.finish(context)
        closeIfQuiescing(context)
    }

    /// Whether what comes has to wait: for the answer to what came before, or, since answers to it would pile up, for the
    /// client to take some.
    private func isHolding(_ context: ChannelHandlerContext) -> Bool {
        switch state {
        case .answering: true
        case .ready: !backlog.isEmpty || !context.channel.isWritable
        case .collecting, .passing: !backlog.isEmpty
        }
    }

    private func pass(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        switch part {
        case .head: timer.begin(context)
        case .body: break
        case .end: timer.end()
        }
        switch (state, part) {
        case (.ready, .head(let head)):
            if let routed = responder.briefRequest(head, source, &reader) {
                state = .collecting(routed, ByteBuffer())
            } else {
                state = .passing(1)
                context.fireChannelRead(wrapInboundOut(part))
            }
        case (.collecting(let routed, var body), .body(var more)):
            state = .answering  // Lets go of the buffer, so that it is not copied.
            if body.readableBytes == 0 { swap(&body, &more) } else { body.writeBuffer(&more) }
            state = .collecting(routed, body)
        case (.collecting(let routed, let body), .end): answer(routed, body)
        case (.passing(let count), .head):
            state = .passing(count + 1)
            context.fireChannelRead(wrapInboundOut(part))
        default: context.fireChannelRead(wrapInboundOut(part))
        }
    }

    private func answer(_ routed: RoutedRequest, _ body: ByteBuffer) {
        state = .answering
        let writer = InlineResponseWriter(self, source.channel.eventLoop)
        let quick = responder.quickAnswer(routed, body) { writer.responder.value.complete($0) }
        switch quick {
        case .now(let answer): complete(answer)
        case .later: break
        case .not: answerInTask(routed, body)
        }
    }

    private func complete(_ answer: Answer) {
        guard answer.isShort else { return inTask { writer in try await writer.write(answer) } }
        send(answer)
        finish()
    }

    private func answerInTask(_ routed: RoutedRequest, _ body: ByteBuffer) {
        let request = ServerRequest(head: routed.head, body: RequestBody(buffer: body))
        inTask { [responder] writer in try await writer.write(try await responder.answer(request, routed)) }
    }

    /// Runs what waits as a task on the event loop.
    private func inTask(_ body: @escaping @Sendable (InlineResponseWriter) async throws -> Void) {
        let writer = InlineResponseWriter(self, source.channel.eventLoop)
        Task.immediateDetached(executorPreference: executor) {
            do {
                try await body(writer)
            } catch {
                writer.fail()
            }
        }
    }
}

/// What the writer of an answer does on the event loop.
extension InlineRequestHandler {
    /// Sends an answer that is all there, and short.
    func send(_ answer: Answer) {
        guard let context else { return }
        encoder.write(answer)
        unflushed += Self.headSize + (answer.body.length ?? 0)
        if !isReading || unflushed > Self.longestUnflushed { flush(context) }
    }

    /// About how many bytes the head of an answer has.
    private static let headSize = 300

    /// Sends parts of an answer.
    ///
    /// - Parameter promise: kept when they have been sent.
    func send(_ parts: [HTTPServerResponsePart], promise: EventLoopPromise<Void>?) {
        guard let context, let last = parts.last else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        for part in parts.dropLast() { context.write(wrapOutboundOut(part), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(last), promise: promise)
    }

    /// The answer is complete: goes on with what came meanwhile.
    func finish() {
        state = .ready
        guard let context else { return }
        timer.finish(context)
        catchUp(context)
    }

    /// Goes on with what waits, as far as the client takes its answers.
    private func catchUp(_ context: ChannelHandlerContext) {
        guard !isCatchingUp else { return }
        isCatchingUp = true
        defer { isCatchingUp = false }
        while !backlog.isEmpty {
            if case .answering = state { return }
            if case .ready = state, !context.channel.isWritable { return }
            pass(backlog.removeFirst(), context)
        }
        if case .answering = state { return }
        // The stream takes parts over when a read is complete.
        if case .passing = state, !isReading { context.fireChannelReadComplete() }
        tellEnd(context)
        if isReadHeld {
            isReadHeld = false
            context.read()
        }
        closeIfQuiescing(context)
    }

    /// There is no answer: the connection ends.
    func fail() { context?.close(promise: nil) }

    /// Ends the connection if the server is stopping and everything that came has been answered.
    private func closeIfQuiescing(_ context: ChannelHandlerContext) {
        guard isQuiescing, backlog.isEmpty, case .ready = state else { return }
        unflushed = 0
        encoder.closeWhenSent()
    }

    private func tellEnd(_ context: ChannelHandlerContext) {
        defer { end = nil }
        switch end {
        case nil: break
        case .inputClosed: context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        case .failure(let error): context.fireErrorCaught(error)
        }
    }

    private func flush(_ context: ChannelHandlerContext) {
        unflushed = 0
        context.flush()
    }
}
