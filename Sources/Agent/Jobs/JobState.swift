import JSON

/// What an agent needs to know of a job (C §15.3).
struct JobState: Sendable {
    /// The job's UUID.
    let uuid: String
    /// The entry of the task list that it is for.
    let task: String
    /// The index of that entry.
    let index: Int
    /// Where it is to run; empty for on the machine itself.
    let context: String
    /// `created`, `running`, `incomplete`, `finished` or `failed`.
    let state: String
    /// How it ended.
    let exitState: String
    /// A token with the further rights that its task has; nil if it has none.
    let token: String?

    /// The job that an object is.
    init(_ object: JSONValue) {
        func text(_ name: String) -> String { object[name]?.stringValue ?? "" }
        (uuid, task, context, state, exitState) = (
            text("Uuid"), text("Task"), text("Context"), text("State"), text("ExitState")
        )
        index = object["CurrentIndex"]?.intValue ?? 0
        token = object["Token"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Whether somebody works on it, or is about to.
    var isActive: Bool { state == "created" || state == "running" }

    /// Whether it is over, well or badly.
    var isDone: Bool { state == "finished" || state == "failed" }
}

/// One thing to be done for a job: a script to run, or a file to write (C §15.4).
struct JobAction: Sendable {
    /// What it is called.
    let name: String
    /// Where it is written; empty for a script.
    let path: String
    /// The script or the file.
    let content: String

    /// The action that an object is.
    init(_ object: JSONValue) {
        func text(_ name: String) -> String { object[name]?.stringValue ?? "" }
        (name, path, content) = (text("Name"), text("Path"), text("Content"))
    }

    /// Whether it is to be run.
    var isScript: Bool { path.isEmpty }
}
