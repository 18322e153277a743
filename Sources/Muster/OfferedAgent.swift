import Basics
import Glibc
import Logging
import SystemPackage

/// The agent that machines fetch from the server, as `files/muster-agent.<architecture>.linux`: the one that stands beside the
/// server's own program.
struct OfferedAgent {
    /// The server's file root.
    let root: FilePath
    let logger: Logger

    /// The architecture of this program, as dr-provision names it.
    private static var architecture: String {
        #if arch(arm64)
            "arm64"
        #else
            "amd64"
        #endif
    }

    /// Links the agent into the file root, so that a new version of it is offered as soon as it is installed. What an operator
    /// has put there stays. It blocks.
    ///
    /// - Parameter program: the agent; nil for the one beside this program.
    func place(_ program: FilePath? = nil) {
        guard let program = program ?? Self.besideThisProgram, access(program.string, R_OK) == 0 else { return }
        let offered = root.appending("files").appending("muster-agent.\(Self.architecture).linux").string
        guard unlinkOwn(offered) else { return }
        if symlink(program.string, offered) != 0, errno != EEXIST {
            let cause = String(cString: strerror(errno))
            logger.warning(
                "the agent cannot be offered to machines", metadata: ["file": "\(offered)", "cause": "\(cause)"])
        }
    }

    /// Removes the link of an earlier start.
    ///
    /// - Returns: whether there is nothing now; a file that is no link is an operator's.
    private func unlinkOwn(_ path: String) -> Bool {
        var status = stat()
        guard lstat(path, &status) == 0 else { return true }
        return status.st_mode & S_IFMT == S_IFLNK && unlink(path) == 0
    }

    private static var besideThisProgram: FilePath? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { return nil }
        return FilePath(String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self))
            .removingLastComponent().appending(
                "muster-agent")
    }
}
