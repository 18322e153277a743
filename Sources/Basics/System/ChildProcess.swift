import Glibc

/// Runs other programs.
public enum ChildProcess {
    /// What a program left behind.
    public struct Outcome: Sendable {
        /// Its exit status; nil if a signal ended it.
        public let status: Int32?
        /// What it wrote to standard output, up to a limit.
        public let output: String
    }

    /// How many bytes are kept of what a program writes.
    private static let longestOutput = 1 << 20

    /// Runs a program on this terminal until it ends.
    ///
    /// - Returns: its exit status; nil if it cannot be started or a signal ended it.
    public static func run(_ arguments: [String]) -> Int32? { start(arguments, nil).flatMap(wait) }

    /// Runs a program and reads what it writes to standard output, or to standard error: then the other is nobody's.
    ///
    /// - Parameters:
    ///   - arguments: the program and its arguments.
    ///   - silence: how long it may write nothing before it is ended, in whole seconds.
    ///   - readsErrors: whether it is read what it complains of.
    /// - Returns: nil if it cannot be started.
    public static func output(
        of arguments: [String], silence: Duration = .seconds(5), readsErrors: Bool = false
    ) -> Outcome? {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        let (read, dropped) = readsErrors ? (STDERR_FILENO, STDOUT_FILENO) : (STDOUT_FILENO, STDERR_FILENO)
        posix_spawn_file_actions_adddup2(&actions, ends[1], read)
        posix_spawn_file_actions_addopen(&actions, dropped, "/dev/null", O_WRONLY, 0)
        let child = start(arguments, &actions)
        close(ends[1])
        defer { close(ends[0]) }
        guard let child else { return nil }
        var (bytes, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 4096))
        while true {
            var waited = pollfd(fd: ends[0], events: Int16(POLLIN), revents: 0)
            let ready = poll(&waited, 1, Int32(clamping: silence.components.seconds * 1_000))
            if ready < 0, errno == EINTR { continue }
            if ready == 0 { kill(child, SIGKILL) }
            if ready <= 0 { break }
            let count = Glibc.read(ends[0], &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { break }
            if bytes.count < longestOutput { bytes += buffer[..<count] }
        }
        return Outcome(status: wait(child), output: String(decoding: bytes, as: UTF8.self))
    }

    private static func start(
        _ arguments: [String], _ actions: UnsafePointer<posix_spawn_file_actions_t>?
    ) -> pid_t? {
        var child = pid_t()
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        return posix_spawnp(&child, arguments[0], actions, nil, &pointers, environ) == 0 ? child : nil
    }

    private static func wait(_ child: pid_t) -> Int32? {
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 { if errno != EINTR { return nil } }
        return status & 0x7F == 0 ? status >> 8 & 0xFF : nil
    }
}
