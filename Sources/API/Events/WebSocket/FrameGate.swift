import NIOCore
import NIOWebSocket

/// Stands next to NIO's codec of frames and does what it leaves to us.
///
/// Outwards it lets frames pass by the encoder that are written already: it would write each for each client. Inwards it
/// refuses frames that are not masked, as it must (RFC 6455 §5.1).
final class FrameGate: ChannelDuplexHandler {
    typealias InboundIn = WebSocketFrame
    typealias InboundOut = WebSocketFrame
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// A client sent a frame without a mask.
    struct Unmasked: Error, CustomStringConvertible {
        let description = "frames of clients must be masked"
    }

    private let encoder: ChannelHandlerContext

    /// - Throws: when the pipeline has no encoder.
    init(_ pipeline: ChannelPipeline.SynchronousOperations) throws {
        encoder = try pipeline.context(handlerType: WebSocketFrameEncoder.self)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if unwrapInboundIn(data).maskKey == nil {
            context.fireErrorCaught(Unmasked())
        } else {
            context.fireChannelRead(data)
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        encoder.write(data, promise: promise)
    }

    func flush(context: ChannelHandlerContext) { encoder.flush() }
}
