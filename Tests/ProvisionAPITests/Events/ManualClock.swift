import NIOPosix
import Synchronization

/// A time that stands still until a test moves it, and tells when the server has noted it for a frame.
final class ManualClock: Sendable {
    private struct State: Sendable {
        var now = ContinuousClock.now
        var frames = 0
    }

    private let state = Mutex(State())

    /// How many frames have been received. They are on an event loop, where nothing else asks for the time.
    var frames: Int { state.withLock { $0.frames } }

    /// The time.
    @Sendable func read() -> ContinuousClock.Instant {
        state.withLock { state in
            if MultiThreadedEventLoopGroup.currentEventLoop != nil { state.frames += 1 }
            return state.now
        }
    }

    /// Moves it on.
    func advance(by duration: Duration) { state.withLock { $0.now += duration } }
}
