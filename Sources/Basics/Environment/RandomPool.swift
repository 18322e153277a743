import Glibc
import Synchronization

/// Random bytes of the system, asked for as many at once as it gives: a call for each new object would take longer than all
/// else that makes its id. What was given out is wiped.
final class RandomPool: Sendable {
    /// The pool of the process.
    static let shared = RandomPool()

    private struct State {
        var bytes = [UInt8](repeating: 0, count: RandomPool.portion)
        var used = RandomPool.portion
    }

    /// The most that the kernel gives at once.
    private static let portion = 256

    private let state = Mutex(State())

    /// That many bytes, which nobody else gets.
    func take(_ count: Int) -> [UInt8] {
        guard count <= Self.portion else { return take(Self.portion) + take(count - Self.portion) }
        return state.withLock { state in
            if state.used + count > Self.portion {
                state.bytes.withUnsafeMutableBytes { bytes in
                    precondition(getentropy(bytes.baseAddress!, bytes.count) == 0, "the system gives no random bytes")
                }
                state.used = 0
            }
            let range = state.used..<state.used + count
            defer {
                for index in range { state.bytes[index] = 0 }
                state.used = range.upperBound
            }
            return Array(state.bytes[range])
        }
    }
}
