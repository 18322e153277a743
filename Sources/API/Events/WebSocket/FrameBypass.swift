import NIOCore
import NIOWebSocket

/// Lets frames that are written already pass by NIO's encoder, which would write each for each client.
final class FrameBypass: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let encoder: ChannelHandlerContext

    /// - Throws: when the pipeline has no encoder.
    init(_ pipeline: ChannelPipeline.SynchronousOperations) throws {
        encoder = try pipeline.context(handlerType: WebSocketFrameEncoder.self)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        encoder.write(data, promise: promise)
    }

    func flush(context: ChannelHandlerContext) { encoder.flush() }
}
