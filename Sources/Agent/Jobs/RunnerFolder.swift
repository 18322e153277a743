import Basics
import Glibc

/// The folder in which an agent keeps what it must know after its own death: which boot it saw, and the jobs that it works on.
/// Its calls block.
final class RunnerFolder: Sendable {
    /// Where it is.
    let path: String
    private let lock: Int32

    /// The folder at `path`, for this agent alone. It is made if it is not there.
    ///
    /// - Throws: `AgentError` that says why not.
    init(_ path: String) throws(AgentError) {
        self.path = path
        let isThere = Folder.make(path + "/jobs")
        lock = isThere ? open(path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600) : -1
        guard lock >= 0 else {
            throw AgentError(
                .usage,
                "the folder \(path) cannot be used: \(String(cString: strerror(errno))). Give another by "
                    + "--runner-dir, or run as root"
            )
        }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            close(lock)
            throw AgentError(
                .busy,
                "another agent works in \(path). Stop it first, or give this one a folder of its own by --runner-dir")
        }
        chmod(path, 0o700)
    }

    deinit { if lock >= 0 { close(lock) } }

    /// What the agent noted when it ran for the first time since the machine was switched on.
    struct Boot: Sendable {
        /// The bootenv that the machine has run since.
        let bootEnv: String
        /// Whether it was noted just now.
        let isFirst: Bool
    }

    /// The boot that this is: what was noted of it, or `bootEnv`, which is noted then.
    ///
    /// - Parameter id: what tells this boot from others.
    func boot(bootEnv: String, id: String = RunnerFolder.bootID) -> Boot {
        let file = path + "/boot"
        let lines = String(decoding: SmallFile.read(file) ?? [], as: UTF8.self).parts(between: "\n")
        if lines.count >= 2, lines[0].hasSameUTF8(as: id) { return Boot(bootEnv: String(lines[1]), isFirst: false) }
        _ = SmallFile.write("\(id)\n\(bootEnv)\n".utf8, to: file)
        return Boot(bootEnv: bootEnv, isFirst: true)
    }

    /// What the kernel tells this boot from others by.
    static var bootID: String {
        let text = String(decoding: SmallFile.read("/proc/sys/kernel/random/boot_id") ?? [], as: UTF8.self)
        return String(text.parts(between: "\n")[0])
    }

    /// The folder of a job.
    ///
    /// - Parameter root: what its tasks have as their root; they must find it there.
    func job(_ uuid: String, in root: RootFolder = RootFolder(of: [], at: 0)) -> JobFolder {
        JobFolder(record: "\(path)/jobs/\(uuid)", tasks: "\(path)/tasks/\(uuid)", root)
    }
}
