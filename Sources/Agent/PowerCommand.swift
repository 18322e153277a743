import Basics
import Glibc

/// How the machine is started anew or switched off.
struct PowerCommand: Sendable {
    /// The shell's words that replace the usual command; nil for that.
    let replacement: String?

    /// What is done.
    enum Verb: String, Sendable {
        /// Starting anew.
        case reboot
        /// Switching off.
        case poweroff
    }

    /// The command for a verb: the replacement gets it as its last argument.
    ///
    /// - Parameter hasSystemd: whether systemd runs here.
    func arguments(_ verb: Verb, hasSystemd: Bool) -> [String] {
        if let replacement { return ["/bin/sh", "-c", replacement + " \"$1\"", "muster-agent", verb.rawValue] }
        return hasSystemd ? ["systemctl", verb.rawValue] : [verb.rawValue, "-f"]
    }

    /// Does it.
    ///
    /// - Throws: `AgentError` if the command fails.
    func run(_ verb: Verb) async throws(AgentError) {
        let status = await BlockingPool.shared.run {
            ChildProcess.run(arguments(verb, hasSystemd: Folder.exists("/run/systemd/system")))
        }
        guard status == 0 else {
            let reason = status.map { "status \($0)" } ?? "it cannot be started or was killed"
            throw AgentError(
                .failed,
                "the command for \(verb.rawValue) failed (\(reason)): do it by hand, or give a command that works by "
                    + "--power-command")
        }
    }
}
