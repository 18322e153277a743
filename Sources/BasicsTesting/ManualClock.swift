public import Basics
import Synchronization

/// A clock that stands still until a test moves it.
///
/// Who sleeps by it can be counted and waited for, so a test first waits until everything that it expects to sleep does, then
/// moves the time, and never waits itself:
/// ```swift
/// await clock.untilSleeping(1)
/// clock.advance(by: .seconds(10))
/// ```
public final class ManualClock: TimeSource {
    fileprivate struct Sleeper: Sendable {
        let deadline: ContinuousClock.Instant
        /// Resumed with whether the deadline was reached; without, the task was cancelled.
        let continuation: CheckedContinuation<Bool, Never>
    }

    fileprivate struct Observer: Sendable {
        let count: Int
        let continuation: CheckedContinuation<Void, Never>
    }

    fileprivate struct State: Sendable {
        var elapsed = Duration.zero
        /// How far the calendar has been set forward, beside what has elapsed.
        var correction = Duration.zero
        var sleepers: [Int: Sleeper] = [:]
        var observers: [Int: Observer] = [:]
        var lastNumber = 0
    }

    private let start: Timestamp
    private let origin = ContinuousClock.now
    private let step: Duration
    private let state = Mutex(State())

    /// A clock that shows `start`.
    ///
    /// - Parameter step: how far the time goes on by itself whenever ``now()`` is asked for.
    public init(at start: Timestamp = Timestamp(seconds: 1_700_000_000), step: Duration = .zero) {
        (self.start, self.step) = (start, step)
    }

    /// The time of the calendar.
    public func now() -> Timestamp {
        if step > .zero { advance(by: step) }
        return state.withLock { start + $0.elapsed + $0.correction }
    }

    /// Sets the calendar without moving the steady reading: forward, or back if `correction` is negative.
    public func setCalendar(by correction: Duration) { state.withLock { $0.correction += correction } }

    /// The steady reading.
    public func instant() -> ContinuousClock.Instant { state.withLock { origin + $0.elapsed } }

    /// How many tasks sleep.
    public var sleepers: Int { state.withLock { $0.sleepers.count } }

    /// Moves the time on, and wakes whose deadline it reaches, the earliest first.
    public func advance(by duration: Duration) {
        let woken = state.withLock { state in
            state.elapsed += duration
            return state.takeSleepers(until: origin + state.elapsed)
        }
        for sleeper in woken { sleeper.continuation.resume(returning: true) }
    }

    /// Suspends the test until at least `count` tasks sleep, or the test is cancelled.
    public func untilSleeping(_ count: Int) async {
        let number = nextNumber()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if Task.isCancelled || state.sleepers.count >= count { return true }
                    state.observers[number] = Observer(count: count, continuation: continuation)
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.observers.removeValue(forKey: number) }?.continuation.resume()
        }
    }

    /// Runs `body`, and as long as it does, moves the time on by `step` whenever somebody sleeps.
    public func advancing<Value>(by step: Duration, while body: () async throws -> Value) async rethrows -> Value {
        let driver = Task {
            while !Task.isCancelled {
                await untilSleeping(1)
                advance(by: step)
                await Task.yield()
            }
        }
        defer { driver.cancel() }
        return try await body()
    }

    /// Suspends the task until the time has been moved to `deadline`.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    public func sleep(until deadline: ContinuousClock.Instant) async throws(CancellationError) {
        let number = nextNumber()
        let isReached = await withTaskCancellationHandler {
            await withCheckedContinuation { enter(Sleeper(deadline: deadline, continuation: $0), number) }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: number) }?.continuation.resume(returning: false)
        }
        if !isReached { throw CancellationError() }
    }

    private func nextNumber() -> Int {
        state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
    }

    /// Has somebody sleep, unless the deadline is reached or the task was cancelled before.
    private func enter(_ sleeper: Sleeper, _ number: Int) {
        // A task is marked as cancelled before its handler asks for the lock: so either sees the other.
        let (isReached, observers) = state.withLock { state -> (Bool?, [Observer]) in
            if Task.isCancelled { return (false, []) }
            if sleeper.deadline <= origin + state.elapsed { return (true, []) }
            state.sleepers[number] = sleeper
            return (nil, state.takeObservers())
        }
        if let isReached { sleeper.continuation.resume(returning: isReached) }
        for observer in observers { observer.continuation.resume() }
    }
}

extension ManualClock.State {
    /// Takes out who is to wake by `time`, the earliest first.
    fileprivate mutating func takeSleepers(until time: ContinuousClock.Instant) -> [ManualClock.Sleeper] {
        let due = sleepers.filter { $0.value.deadline <= time }
        for number in due.keys { sleepers[number] = nil }
        return due.sorted { ($0.value.deadline, $0.key) < ($1.value.deadline, $1.key) }.map(\.value)
    }

    /// Takes out who waited for as many sleepers as there are.
    fileprivate mutating func takeObservers() -> [ManualClock.Observer] {
        let count = sleepers.count
        let met = observers.filter { $0.value.count <= count }
        for number in met.keys { observers[number] = nil }
        return Array(met.values)
    }
}
