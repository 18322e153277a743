import Basics

/// The folder that tasks have as their root: the last `chroot:` entry before a task says it (C §15.1). A boot undoes it, and so
/// does an entry without a folder.
struct RootFolder: Sendable {
    /// An absolute path; nil for the system's own root.
    let path: String?

    /// The root of the entry at `index` of a task list.
    init(of tasks: [String], at index: Int) {
        var path: String?
        for entry in tasks.prefix(max(0, index)) {
            if let folder = entry.after("chroot:") {
                path = folder.isEmpty || folder.hasSameUTF8(as: "/") ? nil : String(folder)
            } else if entry.hasBytePrefix("bootenv:") {
                path = nil
            }
        }
        self.path = path
    }

    /// The root that an entry `chroot:FOLDER` asks for; nil if the entry is another.
    init?(entry: String) {
        guard entry.hasBytePrefix("chroot:") else { return nil }
        self.init(of: [entry], at: 1)
    }

    /// Why no task can run there; nil if one can.
    func problem(isRoot: Bool, exists: (String) -> Bool) -> String? {
        guard let path else { return nil }
        guard path.hasBytePrefix("/") else { return "chroot:\(path): the folder must be an absolute path" }
        guard exists(path) else { return "chroot:\(path): there is no such folder on this machine" }
        guard isRoot else { return "chroot:\(path): only root can do that; run muster-agent as root" }
        return nil
    }

    /// Where a path of a task in this root is for the agent.
    func outside(_ inside: String) -> String { (path ?? "") + (inside.hasBytePrefix("/") ? "" : "/") + inside }
}
