package import Basics
package import NIOCore
import Synchronization

/// Rings a watcher's signal from time to time, and cuts the connection of one who does not read what was sent.
package final class Heartbeat: Sendable {
    private let timer: HeartbeatTimer
    private let state: HeartbeatState
    private let place: HeartbeatTimer.Place

    /// A heartbeat that goes on until it is stopped or let go of.
    ///
    /// - Parameters:
    ///   - patience: how long a client may take to read what is sent to it.
    ///   - onStall: told before the connection is cut.
    package init(
        _ channel: any Channel, _ timer: HeartbeatTimer, patience: Duration, ringing signal: AsyncSignal,
        onStall: @escaping @Sendable () -> Void
    ) {
        let state = HeartbeatState()
        (self.timer, self.state) = (timer, state)
        place = timer.add { [timer] in
            if state.beat(at: timer.now, patience: patience) {
                onStall()
                channel.close(promise: nil)
            }
            signal.ring()
        }
    }

    deinit { stop() }

    /// How often it has beaten.
    package var beats: Int { state.beats }

    /// Stops it.
    package func stop() { timer.remove(place) }

    /// Notes that what was sent waits for the client from now on, if it did not before, or no longer does.
    package func writes(_ isWriting: Bool) { state.writes(since: isWriting ? timer.now : nil) }
}

/// What a heartbeat knows of its watcher.
private final class HeartbeatState: Sendable {
    private let state = Mutex<(beats: Int, writingSince: ContinuousClock.Instant?)>((0, nil))

    var beats: Int { state.withLock { $0.beats } }

    func writes(since now: ContinuousClock.Instant?) {
        state.withLock { state in state.writingSince = now == nil ? nil : state.writingSince ?? now }
    }

    /// Counts a beat.
    ///
    /// - Returns: whether what is being written has taken too long.
    func beat(at now: ContinuousClock.Instant, patience: Duration) -> Bool {
        state.withLock { state in
            state.beats += 1
            return state.writingSince.map { $0.duration(to: now) > patience } ?? false
        }
    }
}
