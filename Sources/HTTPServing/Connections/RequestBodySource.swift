import Hummingbird
import NIOCore

/// Where the connection puts the body of a request whose task reads it as it comes; no more is read than the task takes.
///
/// All of it but the callbacks runs on the connection's event loop.
struct RequestBodySource {
    private typealias Producer = NIOThrowingAsyncSequenceProducer<
        ByteBuffer, any Error, NIOAsyncSequenceProducerBackPressureStrategies.HighLowWatermark, Reader
    >

    /// Tells the connection when the task is ready for more.
    private struct Reader: NIOAsyncSequenceProducerDelegate, Sendable {
        let onDemand: @Sendable () -> Void

        func produceMore() { onDemand() }
        func didTerminate() { onDemand() }
    }

    private let source: Producer.Source
    /// Whether nothing more is to be read from the client at present.
    private(set) var isFull = false

    /// A source, and the body that comes out of it.
    ///
    /// - Parameter onDemand: told, on any thread, when more is wanted, or nothing any more.
    static func make(onDemand: @escaping @Sendable () -> Void) -> (source: RequestBodySource, body: RequestBody) {
        let made = Producer.makeSequence(
            elementType: ByteBuffer.self, failureType: (any Error).self,
            backPressureStrategy: .init(lowWatermark: 2, highWatermark: 8), finishOnDeinit: true,
            delegate: Reader(onDemand: onDemand))
        return (RequestBodySource(source: made.source), RequestBody(asyncSequence: made.sequence))
    }

    private init(source: Producer.Source) { self.source = source }

    /// Adds a part.
    mutating func yield(_ part: ByteBuffer) {
        if case .stopProducing = source.yield(part) { isFull = true }
    }

    /// More is wanted.
    mutating func resume() { isFull = false }

    /// The body is complete.
    func finish() { source.finish() }

    /// The body breaks off.
    func fail(_ error: any Error) { source.finish(error) }
}
