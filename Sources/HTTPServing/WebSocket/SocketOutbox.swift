package import Basics
package import NIOCore
import Synchronization

/// What has been sent to a websocket's client and not been taken by the network yet; bounded by who sends.
package final class SocketOutbox: Sendable {
    /// As long as no more bytes than this wait, more may be sent.
    static let limit = 64 << 10
    /// How long a client may take to take the reason why its connection ends.
    private static let farewell = TimeAmount.seconds(2)

    private let channel: any Channel
    private let signal: AsyncSignal
    private let waiting = Atomic(0)

    /// The outbox of a connection.
    ///
    /// - Parameter signal: rings when there is room again.
    package init(_ channel: any Channel, ringing signal: AsyncSignal) {
        self.channel = channel
        self.signal = signal
    }

    /// Whether nothing more should be sent at present.
    package var isFull: Bool { waiting.load(ordering: .acquiring) > Self.limit }

    /// Sends frames. Returns at once.
    package func send(_ frames: ByteBuffer) {
        let count = frames.readableBytes
        waiting.add(count, ordering: .acquiringAndReleasing)
        channel.writeAndFlush(frames).whenComplete { [self] _ in
            let left = waiting.subtract(count, ordering: .acquiringAndReleasing).newValue
            if left <= Self.limit, left + count > Self.limit { signal.ring() }
        }
    }

    /// Sends the last frame, and closes the connection once the client has taken it, or does not.
    package func close(with frame: ByteBuffer?) async {
        if let frame {
            let deadline = channel.eventLoop.scheduleTask(in: Self.farewell) { [channel] in channel.close(promise: nil)
            }
            try? await channel.writeAndFlush(frame).get()
            deadline.cancel()
        }
        try? await channel.close()
    }
}
