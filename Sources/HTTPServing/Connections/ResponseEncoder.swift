import HTTPTypes
import NIOCore
import NIOHTTP1

/// The bytes of a connection: tells a timer of those that come, and writes all answers, the one place that does.
final class ResponseEncoder: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Bodies up to this many bytes go into one buffer with their heads, which then are one record of TLS.
    private static let longestJoined = 12 << 10

    /// A larger buffer is given back, for the sake of connections that rest.
    private static let largestKept = 4 << 10

    /// Told of the bytes that come.
    let timer: RequestTimer
    /// What is being parsed, while it is.
    private(set) var parsed: ByteBuffer?
    private let registry: ConnectionRegistry
    private var context: ChannelHandlerContext?
    /// Taken again for each answer, once TLS has let go of the one before.
    private var buffer = ByteBuffer()

    init(_ timer: RequestTimer, _ registry: ConnectionRegistry) { (self.timer, self.registry) = (timer, registry) }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        timer.stop()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        timer.receive(bytes.readableBytes, context)
        parsed = bytes
        context.fireChannelRead(data)
        parsed = nil
    }

    /// Writes an answer whose body is all there.
    ///
    /// - Parameter exchange: what it answers.
    func write(_ answer: Answer, to exchange: inout Exchange) {
        guard let context else { return }
        _ = writeHead(of: answer, to: &exchange)
        let length = answer.body.length ?? 0
        let isJoined = length <= Self.longestJoined
        switch answer.body {
        case .array(let bytes) where isJoined: buffer.writeBytes(bytes)
        case .bytes(var bytes) where isJoined: buffer.writeBuffer(&bytes)
        default: break
        }
        writeBuffer(context)
        switch answer.body {
        case .array(let bytes) where !isJoined: context.write(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
        case .bytes(let bytes) where !isJoined: context.write(wrapOutboundOut(bytes), promise: nil)
        default: break
        }
    }

    /// Writes the head of an answer whose body follows in parts.
    ///
    /// - Returns: how the body is delimited.
    func begin(_ answer: Answer, to exchange: inout Exchange) -> Exchange.Framing {
        guard let context else { return .close }
        let framing = writeHead(of: answer, to: &exchange)
        writeBuffer(context)
        return framing
    }

    /// Writes and sends a part of a body.
    ///
    /// - Parameter promise: kept when it has been sent.
    func send(_ part: ByteBuffer, _ framing: Exchange.Framing, _ promise: EventLoopPromise<Void>) {
        guard let context else { return promise.fail(ChannelError.ioOnClosedChannel) }
        guard case .chunks = framing else { return context.writeAndFlush(wrapOutboundOut(part), promise: promise) }
        // An empty chunk would be the last one.
        guard part.readableBytes > 0 else { return promise.succeed() }
        buffer.clear()
        buffer.writeString(String(part.readableBytes, radix: 16))
        buffer.writeStaticString("\r\n")
        let isJoined = part.readableBytes <= Self.longestJoined
        if isJoined {
            buffer.writeImmutableBuffer(part)
            buffer.writeStaticString("\r\n")
            context.writeAndFlush(wrapOutboundOut(buffer), promise: promise)
        } else {
            context.write(wrapOutboundOut(buffer), promise: nil)
            context.write(wrapOutboundOut(part), promise: nil)
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(staticString: "\r\n")), promise: promise)
        }
    }

    /// Writes the end of a body that was sent in parts.
    func end(_ framing: Exchange.Framing) {
        guard case .chunks = framing, let context else { return }
        context.write(wrapOutboundOut(ByteBuffer(staticString: "0\r\n\r\n")), promise: nil)
    }

    /// Tells a client that waits for it to send its body (RFC 9110 §10.1.1).
    func sendContinue() {
        guard let context else { return }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(staticString: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
    }

    private func writeHead(of answer: Answer, to exchange: inout Exchange) -> Exchange.Framing {
        let framing = exchange.frame(
            hasLength: answer.body.length != nil, endsConnection: answer.headers.value(of: .connection) == "close")
        buffer.clear()
        buffer.writeHead(of: answer, framing, exchange.isOld, connection: exchange.connectionField)
        return framing
    }

    private func writeBuffer(_ context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(buffer), promise: nil)
        if buffer.storageCapacity > Self.largestKept { buffer = ByteBuffer() }
    }
}

/// The end of a connection.
extension ResponseEncoder {
    /// How long what a client still sends is read, so that it finds the answer and no reset connection.
    private static let linger = TimeAmount.seconds(1)

    /// Ends the connection once all that was written is sent.
    func closeWhenSent() {
        guard let context else { return }
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: sent)
    }

    /// Sends the answer to a head that is refused, and ends the connection.
    func refuse(_ refusal: HeadRefusal, with answer: Answer) {
        guard let context else { return }
        registry.noteRefusedHead(context.channel, status: Int(refusal.status.code), refusal.reason)
        buffer.clear()
        buffer.writeHead(of: answer, .length, false, connection: "close")
        if case .array(let bytes) = answer.body { buffer.writeBytes(bytes) }
        context.write(wrapOutboundOut(buffer), promise: nil)
        closeLingering()
    }

    /// Ends a connection whose last answer is written: says so behind it, and lets go of the client a little later.
    func closeLingering() {
        guard let context else { return }
        context.flush()
        let said = context.eventLoop.makePromise(of: Void.self)
        let channel = context.channel
        said.futureResult.whenComplete { _ in
            let end = channel.eventLoop.scheduleTask(in: Self.linger) { channel.close(promise: nil) }
            channel.closeFuture.whenComplete { _ in end.cancel() }
        }
        context.close(mode: .output, promise: said)
    }
}

extension ByteBuffer {
    /// Writes the head of an answer as HTTP/1.1 has it (RFC 9112 §4, §5).
    ///
    /// - Parameters:
    ///   - isOld: whether the client speaks HTTP/1.0.
    ///   - connection: what `Connection` must say, in place of what the answer says.
    fileprivate mutating func writeHead(
        of answer: Answer, _ framing: Exchange.Framing, _ isOld: Bool, connection: StaticString?
    ) {
        writeStaticString(isOld ? "HTTP/1.0 " : "HTTP/1.1 ")
        writeString(String(answer.status.code))
        writeStaticString(" ")
        writeString(HTTPResponseStatus(statusCode: answer.status.code).reasonPhrase)
        writeStaticString("\r\n")
        let hasLength = answer.status.code >= 200 && answer.status != .noContent && answer.status != .notModified
        for field in answer.headers
        where (hasLength || field.name != .contentLength) && (connection == nil || field.name != .connection) {
            writeString(field.name.rawName)
            writeStaticString(": ")
            writeString(field.value)
            writeStaticString("\r\n")
        }
        if let connection {
            writeStaticString("Connection: ")
            writeStaticString(connection)
            writeStaticString("\r\n")
        }
        if case .chunks = framing { writeStaticString("Transfer-Encoding: chunked\r\n") }
        writeStaticString("\r\n")
    }
}
