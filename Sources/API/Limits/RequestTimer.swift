import NIOCore

/// Ends connections whose clients send their requests too slowly, so that nobody holds many of them for next to nothing.
///
/// Two handlers tell it what happens: one before the parser of requests counts bytes, one after it sees what they make up.
/// Both run on the connection's event loop, as the timer does.
final class RequestTimer {
    private enum Phase { case idle, head, body, answer }

    private let timeouts: Timeouts
    private var phase = Phase.idle
    /// Bytes since the window began.
    private var received = 0
    private var deadline: Scheduled<Void>?

    init(_ timeouts: Timeouts) { self.timeouts = timeouts }

    /// Bytes have come.
    func receive(_ count: Int, _ context: ChannelHandlerContext) {
        received += count
        guard phase == .idle else { return }
        phase = .head
        schedule(timeouts.head, context) { _ in false }
    }

    /// The head of a request is complete.
    func begin(_ context: ChannelHandlerContext) {
        phase = .body
        received = 0
        schedule(timeouts.bodyWindow, context) { timer in
            defer { timer.received = 0 }
            return timer.received >= timer.timeouts.bodyProgress
        }
    }

    /// All of the request is there.
    func end() {
        phase = .answer
        stop()
    }

    /// The answer is complete.
    func finish() { if phase == .answer { phase = .idle } }

    /// Nothing is to be watched any more.
    func stop() {
        deadline?.cancel()
        deadline = nil
    }

    /// Closes the connection after a while, unless `mayGoOn` then says that it may have as long again.
    private func schedule(
        _ time: Duration, _ context: ChannelHandlerContext, mayGoOn: @escaping (RequestTimer) -> Bool
    ) {
        stop()
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(time)) { [self] in
            if mayGoOn(self) { schedule(time, context, mayGoOn: mayGoOn) } else { context.close(promise: nil) }
        }
    }
}
