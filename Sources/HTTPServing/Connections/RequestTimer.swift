import NIOCore

/// Ends connections whose clients send their requests too slowly, or none for too long, so that nobody holds many of them
/// for next to nothing.
///
/// Two handlers tell it what happens: one before the parser of requests counts bytes, one after it sees what they make up.
/// Both run on the connection's event loop, as the timer does.
final class RequestTimer {
    private enum Phase { case idle, head, body, answer }

    private let timeouts: Timeouts
    private var phase = Phase.idle
    /// Bytes since the window began.
    private var received = 0
    /// When what is watched has taken too long; nil while nothing is watched.
    private var deadline: NIODeadline?
    /// Goes off at the deadline or before it, and is then set anew. So most requests set none: that costs as much as a good
    /// part of the answer.
    private var alarm: (time: NIODeadline, task: Scheduled<Void>)?

    init(_ timeouts: Timeouts) { self.timeouts = timeouts }

    /// Bytes have come.
    func receive(_ count: Int, _ context: ChannelHandlerContext) {
        received += count
        guard phase == .idle else { return }
        phase = .head
        watch(for: timeouts.head, context)
    }

    /// The head of a request is complete.
    func begin(_ context: ChannelHandlerContext) {
        phase = .body
        received = 0
        watch(for: timeouts.bodyWindow, context)
    }

    /// All of the request is there.
    func end() {
        phase = .answer
        deadline = nil
    }

    /// The answer is complete.
    func finish(_ context: ChannelHandlerContext) {
        guard phase == .answer else { return }
        phase = .idle
        watch(for: timeouts.idle, context)
    }

    /// Nothing is to be watched any more.
    func stop() {
        deadline = nil
        alarm?.task.cancel()
        alarm = nil
    }

    private func watch(for time: Duration, _ context: ChannelHandlerContext) {
        let end = NIODeadline.now() + TimeAmount(time)
        deadline = end
        guard alarm.map({ end < $0.time }) ?? true else { return }
        alarm?.task.cancel()
        // No later than the deadline of a head that begins right now, which then sets none.
        setAlarm(at: min(end, NIODeadline.now() + TimeAmount(timeouts.head)), context)
    }

    private func setAlarm(at time: NIODeadline, _ context: ChannelHandlerContext) {
        let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: time) { [self] in
            alarm = nil
            goOff(context)
        }
        alarm = (time, task)
    }

    private func goOff(_ context: ChannelHandlerContext) {
        guard let deadline else { return }
        let now = NIODeadline.now()
        if now < deadline {
            setAlarm(at: min(deadline, now + TimeAmount(timeouts.head)), context)
        } else if phase == .body, received >= timeouts.bodyProgress {
            received = 0
            watch(for: timeouts.bodyWindow, context)
        } else {
            context.close(promise: nil)
        }
    }
}
