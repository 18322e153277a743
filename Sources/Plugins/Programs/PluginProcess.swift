import Basics
import Glibc
import Synchronization

/// A plug-in's program that runs for as long as the plug-in does. Its thread ends with it.
final class PluginProcess: Sendable {
    private struct State: Sendable {
        /// The process, from its start to its end.
        var process: pid_t?
        /// Whether it is to be killed as soon as it has started.
        var isUnwanted = false
    }

    private let state = Mutex(State())

    /// Starts a program; returns at once.
    ///
    /// - Parameters:
    ///   - onLine: told each line that it writes, on the program's thread.
    ///   - onEnd: told once that it has ended, and how; or why it could not be run.
    init(
        _ launch: ProgramLaunch, onLine: @escaping @Sendable (String) -> Void,
        onEnd: @escaping @Sendable (String) -> Void
    ) {
        // The process is killed when the thread ends that has started it, so it has one of its own.
        do throws(SystemThreadError) {
            try SystemThread { [self] in onEnd(run(launch, onLine)) }.detach()
        } catch {
            onEnd("\(error)")
        }
    }

    /// - Returns: how it ended.
    private func run(_ launch: ProgramLaunch, _ onLine: (String) -> Void) -> String {
        do throws(ProgramError) {
            let run = try ProgramRun(launch)
            let process = run.process
            let isUnwanted = state.withLock { state in
                state.process = process
                return state.isUnwanted
            }
            if isUnwanted { _ = Glibc.kill(-process, SIGKILL) }
            var (output, errors) = (LineSplitter(), LineSplitter())
            let exit = run.finish { stream, bytes in
                let lines = stream == .output ? output.add(bytes) : errors.add(bytes)
                for line in lines { onLine(line) }
            } ended: {
                state.withLock { $0.process = nil }
            }
            for rest in [output.rest, errors.rest] where !rest.isEmpty { onLine(rest) }
            return exit.map { "\($0)" } ?? "was ended"
        } catch {
            return "\(error)"
        }
    }

    /// Ends the program and all that it has started, whatever they do.
    func kill() {
        state.withLock { state in
            state.isUnwanted = true
            // Under the lock, so that the number is not another process's by now.
            if let process = state.process { _ = Glibc.kill(-process, SIGKILL) }
        }
    }
}
