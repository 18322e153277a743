import Basics

/// What an agent does with its machine's state when it begins (C §15.2).
struct StartDecision: Hashable, Sendable {
    /// Whether the current job is one that died with an agent or with the machine, and is to be ended.
    let endsJob: Bool
    /// Whether the machine is to be made runnable: the server waited for a boot, and this is it.
    let makesRunnable: Bool

    /// The decision.
    ///
    /// - Parameters:
    ///   - machine: the machine.
    ///   - job: its current job; nil if there is none.
    ///   - context: where this agent runs; jobs of others are theirs.
    ///   - isFirstInBoot: whether no agent ran since the machine was switched on. Later ones change nothing: what is not runnable
    ///     then was made so by an operator or by a failed job.
    init(_ machine: MachineState, _ job: JobState?, context: String, isFirstInBoot: Bool) {
        endsJob = job.map { $0.isActive && $0.context.hasSameUTF8(as: context) } ?? false
        let waitsForBoot =
            machine.currentTask == -1
            || job.map { $0.task.hasBytePrefix("bootenv:") || ["reboot", "poweroff"].contains(bytesOf: $0.exitState) }
                ?? false
        makesRunnable = isFirstInBoot && !machine.isRunnable && waitsForBoot
    }
}

/// What an agent does about the bootenv that its machine is meant to run.
enum BootDecision: Hashable, Sendable {
    /// It is the one that runs.
    case stay
    /// It is another: the machine has to start anew.
    case reboot
    /// It is another, and what runs now is an installer, which goes on by itself and starts the machine anew at its end.
    case leave

    /// The decision.
    ///
    /// - Parameters:
    ///   - running: the bootenv that the machine runs.
    ///   - wanted: the one that it is meant to run.
    init(running: String, wanted: String) {
        if running.hasSameUTF8(as: wanted) {
            self = .stay
        } else {
            self = running.hasByteSuffix("-install") ? .leave : .reboot
        }
    }
}
