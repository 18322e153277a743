import Tracker

extension Findings {
    /// Refuses an entry of a task list that is not of the grammar (C §15.1).
    ///
    /// - Parameter isInStage: stages must say which plugin an action belongs to.
    mutating func checkEntry(_ text: String, isInStage: Bool) {
        switch TaskEntry(text) {
        case .task(let name): checkName(.name, "Task", name)
        case .stage(let name): checkName(.name, "Stage", name)
        case .bootEnv(let name): checkName(.name, "BootEnv", name)
        case .context, .chroot: break
        case .action(nil, let name):
            if isInStage { addError("Invalid action specifier \(name)") } else { checkName(.name, "Action", name) }
        case .action(let plugin?, let name):
            checkName(.name, "Plugin", plugin)
            checkName(.name, "Action", name)
        case .unknown: addError("Invalid Task: \(text)")
        }
    }
}
