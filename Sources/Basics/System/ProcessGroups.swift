public import Glibc

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
