import NIOCore

/// The body of a request that is made as it is sent, as a file's or a long list's, and made again if the request is sent again.
public struct StreamedBody: Sendable {
    /// Gives the next part; nil at the end.
    public typealias Parts = () async throws(ClientError) -> [UInt8]?

    /// How many bytes it has; nil if that is not known before.
    public let length: Int?
    private let start: @Sendable () -> Parts

    /// A body.
    ///
    /// - Parameters:
    ///   - length: how many bytes it has; nil if that is not known before.
    ///   - start: begins anew, whenever the request is sent.
    public init(length: Int? = nil, _ start: @escaping @Sendable () -> Parts) {
        (self.length, self.start) = (length, start)
    }

    /// The parts from the beginning, as they are sent.
    var buffers: Buffers { Buffers(start: start) }

    /// The parts of a body, one after the other.
    struct Buffers: AsyncSequence, Sendable {
        fileprivate let start: @Sendable () -> Parts

        func makeAsyncIterator() -> AsyncIterator { AsyncIterator(part: start()) }

        struct AsyncIterator: AsyncIteratorProtocol {
            fileprivate let part: Parts

            func next() async throws(ClientError) -> ByteBuffer? {
                try await part().map { ByteBuffer(bytes: $0) }
            }
        }
    }
}
