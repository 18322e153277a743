import Basics
import JSON
import Tracker

/// One entry of a task list (C §15.1).
public enum TaskEntry: Sendable {
    /// A task by name.
    case task(String)
    /// Enter a stage.
    case stage(String)
    /// Boot into a bootenv.
    case bootEnv(String)
    /// Go on in a context; the empty one is the machine itself.
    case context(String)
    /// Go on in another root directory.
    case chroot(String)
    /// Call an action, of one plugin or of any.
    case action(plugin: String?, name: String)
    /// A word before a colon that means nothing.
    case unknown(String)

    /// Reads an entry; every text is one.
    public init(_ text: String) {
        guard let colon = text.firstByteIndex(of: ":") else {
            self = .task(text)
            return
        }
        let rest = String(text[text.utf8.index(after: colon)...])
        switch text[..<colon] {
        case "stage": self = .stage(rest)
        case "bootenv": self = .bootEnv(rest)
        case "context": self = .context(rest)
        case "chroot": self = .chroot(rest)
        case "action":
            let parts = rest.parts(between: ":", maxSplits: 1).map(String.init)
            self = parts.count == 2 ? .action(plugin: parts[0], name: parts[1]) : .action(plugin: nil, name: rest)
        default: self = .unknown(text)
        }
    }
}

extension TaskEntry {
    /// The object that an entry of a task list names; nil for none.
    static let target: Reference.Entry = { text in
        switch TaskEntry(text) {
        case .task(let name): ObjectID("tasks", ByteString(name))
        case .stage(let name): ObjectID("stages", ByteString(name))
        case .bootEnv(let name): ObjectID("bootenvs", ByteString(name))
        case .context, .chroot, .action, .unknown: nil
        }
    }
}
