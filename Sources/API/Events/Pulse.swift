import NIOCore
import Synchronization
import Tracker

/// Rings a watcher's bell from time to time, and cuts the connection of one who does not read what was sent.
final class Pulse: Sendable {
    private struct State: Sendable {
        var beats = 0
        var writingSince: ContinuousClock.Instant?
        var task: RepeatedTask?
    }

    private let state = Mutex(State())
    private let patience: Duration

    /// A pulse that beats until it is stopped or let go of.
    ///
    /// - Parameter onStall: told before the connection is cut.
    init(
        _ channel: any Channel, _ limits: ServerConfiguration.Watching, ringing bell: Bell,
        onStall: @escaping @Sendable () -> Void
    ) {
        patience = limits.patience
        let interval = TimeAmount(limits.interval)
        let task = channel.eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) {
            [weak self] task in
            guard let self else { return task.cancel() }
            if beat() {
                onStall()
                channel.close(promise: nil)
            }
            bell.ring()
        }
        state.withLock { $0.task = task }
    }

    deinit { stop() }

    /// How often it has beaten.
    var beats: Int { state.withLock { $0.beats } }

    /// Stops it.
    func stop() { state.withLock { $0.task }?.cancel() }

    /// Notes that what was sent waits for the client from now on, if it did not before, or no longer does.
    func writes(_ isWriting: Bool) {
        state.withLock { state in state.writingSince = isWriting ? state.writingSince ?? .now : nil }
    }

    /// Counts a beat.
    ///
    /// - Returns: whether what is being written has taken too long.
    private func beat() -> Bool {
        state.withLock { state in
            state.beats += 1
            guard let start = state.writingSince else { return false }
            return start.duration(to: .now) > patience
        }
    }
}
