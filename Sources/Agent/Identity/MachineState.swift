import JSON

/// What an agent needs to know of its machine, and the version of the object that says so.
struct MachineState: Sendable {
    /// The machine's UUID.
    let uuid: String
    /// What it is called.
    let name: String
    /// Its address, as the server knows it.
    let address: String
    /// What it is meant to run.
    let bootEnv: String
    /// Whether tasks may be run on it.
    let isRunnable: Bool
    /// The entries of its task list.
    let tasks: [String]
    /// The index of the entry that it is at.
    let currentTask: Int
    /// The UUID of its current job.
    let currentJob: String
    /// What tells this version of the object from others.
    let etag: String

    /// The machine that an object is.
    init(_ object: JSONValue, etag: String = "") {
        func text(_ name: String) -> String { object[name]?.stringValue ?? "" }
        (uuid, name, address, bootEnv) = (text("Uuid"), text("Name"), text("Address"), text("BootEnv"))
        isRunnable = object["Runnable"]?.boolValue ?? false
        tasks = object["Tasks"]?.arrayValue?.compactMap(\.stringValue) ?? []
        currentTask = object["CurrentTask"]?.intValue ?? 0
        currentJob = text("CurrentJob")
        self.etag = etag
    }
}
