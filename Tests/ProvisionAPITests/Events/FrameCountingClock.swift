import Basics
import BasicsTesting
import NIOPosix
import Synchronization

/// A clock that is moved by hand, and tells when the server has noted its time for a frame.
final class FrameCountingClock: TimeSource {
    /// Moves the time.
    let base = ManualClock()
    private let count = Mutex(0)

    /// How many frames have been received. They are on an event loop, where nothing else asks for the time.
    var frames: Int { count.withLock { $0 } }

    func now() -> Timestamp { base.now() }

    func instant() -> ContinuousClock.Instant {
        if MultiThreadedEventLoopGroup.currentEventLoop != nil { count.withLock { $0 += 1 } }
        return base.instant()
    }

    func sleep(until deadline: ContinuousClock.Instant) async throws(CancellationError) {
        try await base.sleep(until: deadline)
    }
}
