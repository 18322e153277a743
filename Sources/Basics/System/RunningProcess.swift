public import Glibc

/// A program that runs in a process group of its own, and whose output is read while it comes.
///
/// Standard output and standard error go to one pipe, in the order in which they are written; standard input is empty. Who
/// kills it kills the whole group, and so all that it started and that did not leave the group.
public final class RunningProcess: Sendable {
    /// What is to be run.
    public struct Order: Sendable {
        /// The program and its arguments. It is looked for on `PATH` if it has no slash.
        public var arguments: [String]
        /// The whole environment: `NAME=VALUE` each.
        public var environment: [String]

        /// An order.
        public init(_ arguments: [String], environment: [String]) {
            (self.arguments, self.environment) = (arguments, environment)
        }
    }

    /// How a program ended.
    public enum End: Sendable, Hashable {
        /// By itself, with a status.
        case exited(Int32)
        /// By a signal.
        case killed(signal: Int32)
    }

    /// The process, and its group.
    public let id: pid_t
    private let output: Int32
    private let state = Monitor(State())

    private struct State: Sendable {
        var end: End?
        /// Whether nothing of the group is to be left.
        var isEnding = false
    }

    /// How long output is waited for after the program has ended, in milliseconds: what it left running may hold the pipe for
    /// ever.
    private static let patience: Int32 = 200
    /// How many bytes of those are taken at the most.
    private static let mostAfterEnd = 1 << 20

    /// Starts a program.
    ///
    /// - Throws: `ProcessError` if it cannot be started.
    public init(_ order: Order) throws(ProcessError) {
        var ends: [Int32] = [-1, -1]
        guard Self.makePipe(&ends) else { throw ProcessError(program: order.arguments[0], number: errno) }
        let (result, child) = Self.spawn(order, output: ends[1])
        close(ends[1])
        guard result == 0 else {
            close(ends[0])
            throw ProcessError(program: order.arguments[0], number: result)
        }
        (id, output) = (child, ends[0])
    }

    deinit { close(output) }

    /// Gives `take` what the program writes until it has ended. To be called once; it blocks, and so does a thread of `pool`
    /// that waits.
    ///
    /// - Returns: how the program ended.
    public func run(on pool: BlockingPool = .shared, _ take: (UnsafeRawBufferPointer) -> Void) -> End {
        var ends: [Int32] = [-1, -1]
        let isWatched = Self.makePipe(&ends)
        let (watch, told) = (ends[0], ends[1])
        pool.submit {
            self.reap()
            if isWatched { close(told) }
        }
        read(until: isWatched ? watch : -1, take)
        if isWatched { close(watch) }
        return state.wait { state in state.end.map { .done($0) } ?? .wait }
    }

    /// Ends the group: it is asked to end, and killed with the program, or when `grace` is over.
    public func end(grace: Duration = .seconds(5)) {
        state.withLock { $0.isEnding = true }
        signal(SIGTERM)
        Task {
            try? await Task.sleep(for: grace)
            signal(SIGKILL)
        }
    }

    /// Sends a signal to the group, unless the program has ended.
    private func signal(_ number: Int32) {
        state.withLock { state in
            if state.end == nil { kill(-id, number) }
        }
    }

    // MARK: Reading

    private func read(until end: Int32, _ take: (UnsafeRawBufferPointer) -> Void) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
        defer { buffer.deallocate() }
        var (hasEnded, afterEnd) = (false, 0)
        while afterEnd < Self.mostAfterEnd {
            var waited = [
                pollfd(fd: output, events: Int16(POLLIN), revents: 0),
                pollfd(fd: hasEnded ? -1 : end, events: Int16(POLLIN), revents: 0),
            ]
            let ready = poll(&waited, 2, hasEnded ? Self.patience : -1)
            if ready < 0, errno == EINTR { continue }
            if ready <= 0 { return }
            if waited[1].revents != 0 { hasEnded = true }
            guard waited[0].revents != 0 else { continue }
            let count = Glibc.read(output, buffer.baseAddress, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return }
            if hasEnded { afterEnd += count }
            take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    // MARK: Its end

    /// Waits for the end. The process is taken away under the lock that signals need, so none reaches another that has its
    /// number.
    private func reap() {
        var information = siginfo_t()
        while waitid(P_PID, id_t(id), &information, WEXITED | WNOWAIT) < 0, errno == EINTR {}
        state.withLock { state in
            if state.isEnding { kill(-id, SIGKILL) }
            var status: Int32 = 0
            while waitpid(id, &status, 0) < 0, errno == EINTR {}
            let signal = status & 0x7F
            state.end = signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal: signal)
        }
        state.wakeAll()
    }

    // MARK: Its start

    private static func spawn(_ order: Order, output: Int32) -> (result: Int32, child: pid_t) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        // What this process does with signals is no concern of the program.
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var child = pid_t()
        let result = withPointers(order.arguments) { arguments in
            withPointers(order.environment) { environment in
                posix_spawnp(&child, order.arguments[0], &actions, &attributes, arguments, environment)
            }
        }
        return (result, child)
    }

    /// Makes a pipe that no program inherits.
    private static func makePipe(_ ends: inout [Int32]) -> Bool {
        guard pipe(&ends) == 0 else { return false }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return true
    }

    private static func withPointers<Result>(
        _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        let pointers: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeBufferPointer { body($0.baseAddress!) }
    }
}

/// Why a program cannot be started.
public struct ProcessError: Error, CustomStringConvertible {
    /// The program.
    public let program: String
    /// A value of `errno`.
    public let number: Int32

    /// The program, and the reason in the system's words.
    public var description: String { "\(program) cannot be started: \(String(cString: strerror(number)))" }
}

/// What the system tells of processes that others started (`/proc`). All of it blocks.
public enum ProcessGroups {
    /// Kills what is left of a process group, as far as it has `mark` as an entry of its environment: the number may be another
    /// group's by now.
    ///
    /// - Parameter mark: `NAME=VALUE`.
    /// - Returns: how many processes were killed.
    public static func killRest(of group: pid_t, markedBy mark: String) -> Int {
        var count = 0
        for name in Folder.names(in: "/proc") ?? [] {
            guard let process = pid_t(name), process > 1, getpgid(process) == group else { continue }
            guard environment(of: process).contains(bytesOf: mark), kill(process, SIGKILL) == 0 else { continue }
            count += 1
        }
        return count
    }

    /// The environment that a process began with; empty if it is gone or somebody else's.
    private static func environment(of process: pid_t) -> [String] {
        String(decoding: SmallFile.read("/proc/\(process)/environ") ?? [], as: UTF8.self).parts(between: "\0").map {
            String($0)
        }
    }
}
