import NIOCore
import NIOWebSocket

/// Stands next to NIO's encoder of frames and lets frames pass by it that are written already: it would write each for each
/// client.
final class PreencodedFrameHandler: ChannelOutboundHandler {
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
