import Basics
import Glibc
import Synchronization

/// The signals that a process is ended by.
enum Signals {
    /// Where the handler writes to; handlers may do hardly anything else.
    private static let told = Atomic<Int32>(-1)

    /// Has writes to what nobody reads fail, instead of ending the process.
    static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }

    /// Calls `end` at the first SIGTERM or SIGINT; the next one ends the process as usual.
    static func onEnd(_ end: @escaping @Sendable () -> Void) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return }
        for each in ends { _ = fcntl(each, F_SETFD, FD_CLOEXEC) }
        told.store(ends[1], ordering: .sequentiallyConsistent)
        let heard = ends[0]
        guard
            let thread = try? SystemThread({
                var byte: UInt8 = 0
                while read(heard, &byte, 1) < 0, errno == EINTR {}
                for number in [SIGTERM, SIGINT] { signal(number, SIG_DFL) }
                end()
            })
        else { return }
        thread.detach()
        for number in [SIGTERM, SIGINT] {
            signal(number) { _ in
                var byte: UInt8 = 0
                _ = write(Signals.told.load(ordering: .sequentiallyConsistent), &byte, 1)
            }
        }
    }
}
