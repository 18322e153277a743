import HTTPServing
import HTTPTypes
import NIOCore
import NIOHTTP1

/// The bytes of a connection: tells a timer of those that come, and takes answers past the encoder.
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
    private var context: ChannelHandlerContext?
    /// Taken again for each answer, once TLS has let go of the one before.
    private var buffer = ByteBuffer()

    init(_ timer: RequestTimer) { self.timer = timer }

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

    /// Ends the connection once all that was written is sent.
    func closeWhenSent() {
        guard let context else { return }
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: sent)
    }

    /// Writes an answer whose body is all there.
    func write(_ answer: Answer) {
        guard let context else { return }
        buffer.clear()
        buffer.writeHead(of: answer)
        let length = answer.body.length ?? 0
        let isJoined = length <= Self.longestJoined
        switch answer.body {
        case .array(let bytes) where isJoined: buffer.writeBytes(bytes)
        case .bytes(var bytes) where isJoined: buffer.writeBuffer(&bytes)
        default: break
        }
        context.write(wrapOutboundOut(buffer), promise: nil)
        switch answer.body {
        case .array(let bytes) where !isJoined: context.write(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
        case .bytes(let bytes) where !isJoined: context.write(wrapOutboundOut(bytes), promise: nil)
        default: break
        }
        if buffer.storageCapacity > Self.largestKept { buffer = ByteBuffer() }
    }
}

extension ByteBuffer {
    /// Writes the head of an answer as HTTP/1.1 has it (RFC 9112 §4, §5).
    fileprivate mutating func writeHead(of answer: Answer) {
        writeStaticString("HTTP/1.1 ")
        writeString(String(answer.status.code))
        writeStaticString(" ")
        writeString(HTTPResponseStatus(statusCode: answer.status.code).reasonPhrase)
        writeStaticString("\r\n")
        let hasLength = answer.status.code >= 200 && answer.status != .noContent && answer.status != .notModified
        for field in answer.headers where hasLength || field.name != .contentLength {
            writeString(field.name.rawName)
            writeStaticString(": ")
            writeString(field.value)
            writeStaticString("\r\n")
        }
        writeStaticString("\r\n")
    }
}
