import Basics
import Glibc

/// The folders of a job: one with what the agent notes of it, one that its scripts have for themselves. Its calls block.
struct JobFolder: Sendable {
    /// Where the agent's notes are.
    let record: String
    /// The scripts' folder, as they see it: below their root.
    let tasks: String
    /// What the scripts have as their root.
    let root: RootFolder

    init(record: String, tasks: String, _ root: RootFolder) {
        (self.record, self.tasks, self.root) = (record, tasks, root)
    }

    /// The scripts' folder, as the agent sees it.
    var outside: String { root.outside(tasks) }

    /// What marks the processes of the job's scripts.
    var mark: String { "RS_TASK_DIR=\(tasks)" }

    /// Makes both folders, empty.
    ///
    /// - Throws: `AgentError` that says why not.
    func make() throws(AgentError) {
        remove()
        for path in [record, outside] {
            guard Folder.make(path), chmod(path, 0o700) == 0 else { throw AgentError(.failed, doing: "make", path) }
        }
    }

    /// Takes both away.
    func remove() {
        Folder.removeAll(record)
        Folder.removeAll(outside)
    }

    /// Writes a file of the job: a script, or a file that a task wants to have on the machine. Nobody ever sees half of it.
    ///
    /// - Parameter path: as the scripts see it.
    /// - Throws: `AgentError` that says why not.
    func write(_ content: String, to path: String, mode: mode_t) throws(AgentError) {
        let place = root.outside(path)
        if let slash = place.lastByteIndex(of: "/"), !Folder.make(String(place[..<slash])) {
            throw AgentError(.failed, doing: "make the folder of", path)
        }
        guard SmallFile.write(content.utf8, to: place, mode: mode) else {
            throw AgentError(.failed, doing: "write", path)
        }
    }

    // MARK: Notes

    private var groupFile: String { record + "/group" }
    private var endFile: String { record + "/end" }

    /// Notes the process group of the script that runs.
    func note(group: pid_t) { _ = SmallFile.write("\(group)\n".utf8, to: groupFile, mode: 0o600) }

    /// Notes how the job ended, before the server is told.
    func note(end: ExitMeaning) {
        _ = SmallFile.write("\(end.state)\n\(end.exitState)\n".utf8, to: endFile, mode: 0o600)
    }

    /// How the job ended, if an agent noted that.
    var end: ExitMeaning? {
        let lines = lines(of: endFile)
        return lines.count >= 2 ? ExitMeaning(state: String(lines[0]), exitState: String(lines[1])) : nil
    }

    /// Kills what an agent that died has left of the job's scripts.
    ///
    /// - Returns: how many processes there were.
    func killRest() -> Int {
        guard let group = lines(of: groupFile).first.flatMap({ pid_t($0) }), group > 1 else { return 0 }
        return ProcessGroups.killRest(of: group, markedBy: mark)
    }

    private func lines(of path: String) -> [Substring] {
        SmallFile.read(path).map { Substring(decoding: $0, as: UTF8.self).parts(between: "\n") } ?? []
    }
}
