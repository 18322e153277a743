import HTTPTypes
import NIOCore
import NIOHTTP1

/// The bytes of a connection: tells a timer of those that come, and takes answers past the encoder.
final class Wire: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Bodies up to this many bytes go into one buffer with their heads, which then are one record of TLS.
    private static let longestJoined = 12 << 10

    private let timer: RequestTimer
    private var context: ChannelHandlerContext?

    init(_ timer: RequestTimer) { self.timer = timer }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        timer.receive(unwrapInboundIn(data).readableBytes, context)
        context.fireChannelRead(data)
    }

    /// Writes an answer of a body that is all there.
    func write(_ answer: Answer) {
        guard let context else { return }
        let body: ByteBuffer? = if case .bytes(let bytes) = answer.body { bytes } else { nil }
        let joined = body.flatMap { $0.readableBytes <= Self.longestJoined ? $0 : nil }
        var bytes = context.channel.allocator.buffer(capacity: 512 + (joined?.readableBytes ?? 0))
        bytes.writeHead(of: answer)
        if var joined { bytes.writeBuffer(&joined) }
        context.write(wrapOutboundOut(bytes), promise: nil)
        if let body, joined == nil { context.write(wrapOutboundOut(body), promise: nil) }
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
