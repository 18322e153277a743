/// What a script says by its exit code (C §15.4): 0 for well, a sum of 16, 32, 64 and 128 for a wish, anything else for failure.
struct ExitMeaning: Hashable, Sendable {
    /// What is to be done with the machine or its tasks.
    enum Wish: String, Hashable, Sendable {
        /// Nothing: on to what comes next.
        case none = ""
        /// No more tasks, until an operator lets the machine go on.
        case stop
        /// The machine is to be switched off.
        case poweroff
        /// The machine is to start anew.
        case reboot
    }

    /// Whether it failed.
    let isFailed: Bool
    /// Whether the task is to be run again, from its beginning.
    let isIncomplete: Bool
    /// What is to be done.
    let wish: Wish

    private init(isFailed: Bool = false, isIncomplete: Bool = false, wish: Wish = .none) {
        (self.isFailed, self.isIncomplete, self.wish) = (isFailed, isIncomplete, wish)
    }

    /// It went well, and there is nothing to be done.
    static let done = ExitMeaning()
    /// It failed.
    static let failed = ExitMeaning(isFailed: true)
    /// The task was broken off, and is to be run again.
    static let brokenOff = ExitMeaning(isIncomplete: true)

    /// The meaning of an exit code. Of several wishes the one that goes farthest counts: to start anew, to be switched off, to
    /// stop.
    init(exitCode: Int32) {
        guard exitCode == 0 || (exitCode & 0xF0 == exitCode) else {
            self = .failed
            return
        }
        let wish: Wish =
            if exitCode & 64 != 0 { .reboot } else if exitCode & 32 != 0 { .poweroff } else if exitCode & 16 != 0 {
                .stop
            } else { .none }
        self.init(isIncomplete: exitCode & 128 != 0, wish: wish)
    }

    /// Whether the task's next script is to be run.
    var goesOn: Bool { self == .done }

    /// Whether nothing more may be run on the machine until somebody or a boot allows it.
    var stopsMachine: Bool { !goesOn }

    /// The `State` in which the job ends.
    var state: String { isFailed ? "failed" : isIncomplete ? "incomplete" : "finished" }

    /// The `ExitState` in which the job ends. What is to be run again has none, unless there is a wish.
    var exitState: String {
        if isFailed { return "failed" }
        return wish == .none && !isIncomplete ? "complete" : wish.rawValue
    }
}

extension ExitMeaning {
    /// The meaning of a job's end, as it was noted.
    init(state: String, exitState: String) {
        self.init(
            isFailed: state == "failed", isIncomplete: state == "incomplete", wish: Wish(rawValue: exitState) ?? .none)
    }
}
