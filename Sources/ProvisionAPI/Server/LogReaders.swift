import Basics
import Synchronization
import Tracker

/// Those who read logs that grow, woken when something is appended.
final class LogReaders: Sendable {
    private struct State {
        var next = 0
        var signals: [ByteString: [Int: AsyncSignal]] = [:]
    }

    private let state = Mutex(State())

    /// Somebody who reads the log of a job, for as long as it is held.
    final class Reader: Sendable {
        private let job: ByteString
        private let number: Int
        private let readers: LogReaders
        private let signal: AsyncSignal

        fileprivate init(_ readers: LogReaders, _ job: ByteString, _ number: Int, _ signal: AsyncSignal) {
            (self.readers, self.job, self.number, self.signal) = (readers, job, number, signal)
        }

        deinit { readers.remove(job, number) }

        /// Waits until there is more to read, or for a while: what ends a job does not wake its readers.
        func wait(upTo duration: Duration, by environment: Environment) async {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { try? await environment.sleep(for: duration) }
                group.addTask { [signal] in await signal.wait() }
                await group.next()
                group.cancelAll()
            }
        }
    }

    /// A reader of the log of `job`, which is woken from now on.
    func reader(of job: ByteString) -> Reader {
        state.withLock { state in
            state.next += 1
            let signal = AsyncSignal()
            state.signals[job, default: [:]][state.next] = signal
            return Reader(self, job, state.next, signal)
        }
    }

    /// Wakes who reads the log of `job`.
    func ring(_ job: ByteString) {
        let signals = state.withLock { $0.signals[job].map { Array($0.values) } ?? [] }
        for signal in signals { signal.ring() }
    }

    private func remove(_ job: ByteString, _ number: Int) {
        state.withLock { state in
            state.signals[job]?[number] = nil
            if state.signals[job]?.isEmpty ?? false { state.signals[job] = nil }
        }
    }
}
