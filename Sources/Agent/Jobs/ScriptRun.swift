import Basics
import Glibc

/// One script of a task, as it is run.
struct ScriptRun: Sendable {
    let folder: JobFolder
    /// `NAME=VALUE` each.
    let environment: [String]

    /// Writes a script to the task's folder.
    ///
    /// - Parameter number: its place among those of its task.
    /// - Returns: how to run it.
    /// - Throws: `AgentError` that says why it cannot be written.
    func prepare(_ action: JobAction, number: Int) throws(AgentError) -> RunningProcess.Order {
        let file = "\(folder.tasks)/\(number)-\(Self.fileName(action.name))"
        try folder.write(action.content, to: file, mode: 0o700)
        let command = Self.interpreter(of: action.content) + [file]
        let root = folder.root.path.map { ["chroot", $0] } ?? []
        let inFolder = ["/bin/sh", "-c", "cd \"$RS_TASK_DIR\" && exec \"$@\"", "muster-agent"]
        return RunningProcess.Order(root + inFolder + command, environment: environment)
    }

    /// The program that a script's first line names, with its argument; the shell if it names none. It is run, not the script,
    /// since many systems let nothing below /run be executed.
    static func interpreter(of script: String) -> [String] {
        let line = script.parts(between: "\n", maxSplits: 1)[0]
        guard let rest = line.after("#!")?.trimmedSpaces, !rest.isEmpty else { return ["/bin/sh"] }
        // As the kernel does: all that follows the program is one argument.
        let parts = rest.parts(between: " ", maxSplits: 1)
        let argument = parts.count > 1 ? parts[1].trimmedSpaces : ""
        return [String(parts[0])] + (argument.isEmpty ? [] : [String(argument)])
    }

    /// A name that a file can have.
    static func fileName(_ name: String) -> String {
        let safe = name.utf8.prefix(100).map { byte in
            byte.isASCIILetter || byte.isASCIIDigit || [0x2D, 0x2E, 0x5F].contains(byte) ? byte : 0x2D
        }
        return String(decoding: safe, as: UTF8.self)
    }
}

/// What the environment of scripts has (C §15.4).
struct ScriptEnvironment: Sendable {
    /// What it has from the agent: all but what is about the agent itself.
    let inherited: [String]

    /// Where programs are looked for if the agent was not told.
    static let usualPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// The environment of this process.
    static func ofProcess() -> ScriptEnvironment {
        var (entries, place) = ([String](), environ)
        while let entry = place.pointee {
            entries.append(String(cString: entry))
            place += 1
        }
        return ScriptEnvironment(entries)
    }

    /// What is passed on of an agent's environment.
    init(_ entries: [String]) {
        var inherited = entries.filter { !$0.hasBytePrefix("RS_") && !$0.hasBytePrefix("NOTIFY_SOCKET=") }
        if !inherited.contains(where: { $0.hasBytePrefix("PATH=") }) { inherited.append(Self.usualPath) }
        if !inherited.contains(where: { $0.hasBytePrefix("HOME=") }) { inherited.append("HOME=/root") }
        self.inherited = inherited
    }

    /// The environment of a job's scripts.
    func entries(_ job: JobState, _ folder: JobFolder, _ machine: MachineConnection, runnerFolder: String) -> [String] {
        inherited + [
            "RS_UUID=\(machine.uuid)", "RS_ENDPOINT=\(machine.server.address)",
            "RS_TOKEN=\(job.token ?? machine.server.token)", folder.mark, "RS_RUNNER_DIR=\(runnerFolder)",
        ]
    }
}
