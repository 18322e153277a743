import HTTPServing
import NIOCore
import Synchronization
import Tracker

/// Rings a watcher's signal from time to time, and cuts the connection of one who does not read what was sent.
final class Heartbeat: Sendable {
    private let heart: HeartbeatSource

    /// A pulse that beats until it is stopped or let go of.
    ///
    /// - Parameter onStall: told before the connection is cut.
    init(
        _ channel: any Channel, _ limits: ServerConfiguration.Watching, ringing signal: AsyncSignal,
        onStall: @escaping @Sendable () -> Void
    ) {
        heart = HeartbeatSource(channel, limits, signal, onStall)
        heart.waitForBeat()
    }

    deinit { stop() }

    /// How often it has beaten.
    var beats: Int { heart.beats }

    /// Stops it.
    func stop() { heart.stop() }

    /// Notes that what was sent waits for the client from now on, if it did not before, or no longer does.
    func writes(_ isWriting: Bool) { heart.writes(isWriting) }
}

/// What beats: called back by the event loop, which holds it until it is stopped. A callback takes a fraction of the memory of
/// a repeated task, and there are as many as there are watchers.
private final class HeartbeatSource: NIOScheduledCallbackHandler, Sendable {
    private struct State: Sendable {
        var beats = 0
        var writingSince: ContinuousClock.Instant?
        var next: NIOScheduledCallback?
        var isStopped = false
    }

    private let state = Mutex(State())
    private let channel: any Channel
    private let limits: ServerConfiguration.Watching
    private let signal: AsyncSignal
    private let onStall: @Sendable () -> Void

    init(
        _ channel: any Channel, _ limits: ServerConfiguration.Watching, _ signal: AsyncSignal,
        _ onStall: @escaping @Sendable () -> Void
    ) {
        (self.channel, self.limits, self.signal, self.onStall) = (channel, limits, signal, onStall)
    }

    var beats: Int { state.withLock { $0.beats } }

    func waitForBeat() {
        // Fails only on a loop that has ended, and with it all connections.
        let next = try? channel.eventLoop.scheduleCallback(in: TimeAmount(limits.interval), handler: self)
        let isStopped = state.withLock { state in
            state.next = next
            return state.isStopped
        }
        if isStopped { next?.cancel() }
    }

    func handleScheduledCallback(eventLoop: some EventLoop) {
        if beat() {
            onStall()
            channel.close(promise: nil)
        }
        signal.ring()
        if !state.withLock({ $0.isStopped }) { waitForBeat() }
    }

    func stop() {
        let next = state.withLock { state in
            state.isStopped = true
            return state.next
        }
        next?.cancel()
    }

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
            return start.duration(to: .now) > limits.patience
        }
    }
}
