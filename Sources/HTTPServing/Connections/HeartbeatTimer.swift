package import Basics
import Synchronization

/// Calls back all watchers, each once an interval, some of them at a time so that their work is spread.
///
/// One task sleeps for all of them, as long as there are any. A timer of each event loop for each watcher would take more
/// memory, and no clock of tests would move it.
package final class HeartbeatTimer: Sendable {
    typealias Beat = @Sendable () -> Void

    /// What a watcher is called back by.
    struct Place: Sendable {
        fileprivate let share: Int
        fileprivate let number: Int
    }

    private struct State: Sendable {
        /// The watchers that are called back together.
        var shares: [[Int: Beat]] = Array(repeating: [:], count: HeartbeatTimer.shares)
        var count = 0
        var lastNumber = 0
        /// When the running task began, and how many ticks have passed since.
        var start: ContinuousClock.Instant
        var ticks = 0
        var task: Task<Void, Never>?
    }

    /// How many times in an interval some are called back.
    private static let shares = 16

    private let clock: any TimeSource
    private let tick: Duration
    private let state: Mutex<State>

    /// A timer without watchers.
    ///
    /// - Parameters:
    ///   - interval: how often each watcher is called back.
    ///   - clock: whose time it goes by.
    package init(interval: Duration, clock: any TimeSource) {
        (self.clock, tick) = (clock, interval / Self.shares)
        state = Mutex(State(start: clock.instant()))
    }

    /// The time by which what is sent to watchers is measured.
    var now: ContinuousClock.Instant { clock.instant() }

    /// Calls `beat` once an interval, for the first time when about an interval is over, until it is removed.
    func add(_ beat: @escaping Beat) -> Place {
        state.withLock { state in
            if state.count == 0 {
                (state.start, state.ticks) = (clock.instant(), 0)
                state.task = Task.detached { await self.run() }
            }
            state.count += 1
            state.lastNumber += 1
            let place = Place(share: (state.ticks + Self.shares - 1) % Self.shares, number: state.lastNumber)
            state.shares[place.share][place.number] = beat
            return place
        }
    }

    /// Calls what was added there no longer. It may be removed more than once.
    func remove(_ place: Place) {
        state.withLock { state in
            guard state.shares[place.share].removeValue(forKey: place.number) != nil else { return }
            state.count -= 1
            guard state.count == 0 else { return }
            state.task?.cancel()
            state.task = nil
        }
    }

    private func run() async {
        while !Task.isCancelled {
            let next = state.withLock { $0.start + tick * ($0.ticks + 1) }
            guard (try? await clock.sleep(until: next)) != nil else { return }
            for beat in passTicks() { beat() }
        }
    }

    /// Whom to call back for the ticks that have passed: everybody once at the most, however many those are.
    private func passTicks() -> [Beat] {
        state.withLock { state in
            let passed = max(state.ticks + 1, Int((clock.instant() - state.start) / tick))
            defer { state.ticks = passed }
            return (max(state.ticks, passed - Self.shares)..<passed).flatMap {
                Array(state.shares[$0 % Self.shares].values)
            }
        }
    }
}
