import Basics
import Client
import JSON
import Logging

/// An agent: works through the task list of the machine that it runs on, and waits for more (C §15).
struct Agent: Sendable {
    let options: AgentOptions
    let machine: MachineConnection
    let folder: RunnerFolder
    let logger: Logger
    private let runner: JobRunner

    init(_ options: AgentOptions, _ machine: MachineConnection, _ folder: RunnerFolder, logger: Logger) {
        (self.options, self.machine, self.folder, self.logger) = (options, machine, folder, logger)
        runner = JobRunner(machine: machine, folder: folder, environment: .ofProcess(), logger: logger)
    }

    private var context: String { options.context ?? "" }

    /// Why an agent has nothing more to do.
    private enum End: Sendable {
        /// All is done, and it was to do no more than that.
        case nothingToDo
        /// An installer goes on.
        case left
        /// The machine is to be started anew or switched off.
        case power(PowerCommand.Verb)
    }

    /// Works until there is nothing more to do; without `--oneshot` that is when the machine is started anew or switched off,
    /// or an installer goes on.
    ///
    /// - Throws: `AgentError`, `ClientError`.
    func run() async throws {
        switch try await work() {
        case .nothingToDo: logger.info("there is nothing more to do")
        case .left: logger.notice("the installer goes on")
        case .power(let verb):
            logger.notice("the machine is to \(verb.rawValue)")
            if verb == .reboot { try await bootFromNetworkNext() }
            try await PowerCommand(replacement: options.powerCommand).run(verb)
        }
    }

    // MARK: The beginning

    private func work() async throws -> End {
        var state = try await machine.machine()
        let boot = await BlockingPool.shared.run { [folder, state] in folder.boot(bootEnv: state.bootEnv) }
        logger.notice(
            "this is \(state.name)", metadata: ["machine": "\(state.uuid)", "bootenv": "\(boot.bootEnv)"])
        if let end = try await begin(state, boot) { return end }
        while true {
            state = try await machine.machine()
            switch BootDecision(running: boot.bootEnv, wanted: state.bootEnv) {
            case .stay: break
            case .reboot: return .power(.reboot)
            case .leave: return .left
            }
            if let end = try await step(&state) { return end }
        }
    }

    /// Ends what an earlier agent left, and says that the machine has booted, if the server waits for that.
    private func begin(_ state: MachineState, _ boot: RunnerFolder.Boot) async throws -> End? {
        let job = try await machine.job(state.currentJob)
        let decision = StartDecision(state, job, context: context, isFirstInBoot: boot.isFirst)
        if decision.endsJob, let job, let meaning = try await runner.recover(job), let end = Self.end(after: meaning) {
            return end
        }
        var members: [(name: String, value: JSONValue)] = decision.makesRunnable ? [("Runnable", true)] : []
        if options.reportAddress {
            let own = await BlockingPool.shared.run { [machine] in OwnAddress.towards(machine.server.address) }
            if let own, !own.hasSameUTF8(as: state.address) { members.append(("Address", .string(own))) }
        }
        guard !members.isEmpty else { return nil }
        do throws(ClientError) {
            try await machine.server.patch(["machines", machine.uuid], members)
        } catch {
            guard error.kind == .refused else { throw error }
            logger.warning("the machine cannot be made to go on", metadata: ["cause": "\(error)"])
        }
        return nil
    }

    // MARK: Jobs

    /// Does the next job, or waits until there may be one.
    private func step(_ state: inout MachineState) async throws -> End? {
        switch try await machine.next(context: context) {
        case .job(let job):
            guard case .ended(let meaning) = try await runner.run(job, tasks: state.tasks) else { return nil }
            if options.oneshot, meaning.isFailed {
                throw AgentError(.failed, "the task \(job.task) failed: its log is that of the job \(job.uuid)")
            }
            if options.oneshot, meaning.stopsMachine, Self.end(after: meaning) == nil { return .nothingToDo }
            return Self.end(after: meaning)
        case .doneByServer(let job):
            logger.info("the server did a task", metadata: ["task": "\(job.task)", "job": "\(job.uuid)"])
        case .nothing:
            // What was asked for may have led to another bootenv.
            if options.oneshot {
                let now = try await machine.machine()
                // The server itself has done what it had to, and that failed.
                if !now.isRunnable, now.bootEnv.hasSameUTF8(as: state.bootEnv) {
                    throw AgentError(.failed, "the machine is not to go on: see the log of its job \(now.currentJob)")
                }
                return now.bootEnv.hasSameUTF8(as: state.bootEnv) ? .nothingToDo : nil
            }
            _ = try await machine.machine(after: state)
        case .notNow(let reason):
            if options.oneshot { throw AgentError(.failed, "nothing can be done now: \(reason)") }
            logger.debug("waiting", metadata: ["cause": "\(reason)"])
            try await wait(after: state, isBusy: reason.contains(text: "already has running or created job"))
        }
        return nil
    }

    /// Waits until the machine is another than it was or, if a job of somebody else keeps it busy, until that is over: the
    /// machine does not change by that.
    private func wait(after state: MachineState, isBusy: Bool) async throws {
        guard isBusy else {
            _ = try await machine.machine(after: state)
            return
        }
        let job = try await machine.machine().currentJob
        try await withThrowingTaskGroup(of: Void.self) { [machine] group in
            group.addTask { _ = try await machine.machine(after: state) }
            group.addTask { try await JobConnection(machine: machine, uuid: job).waitUntilIdle() }
            try await group.next()
            group.cancelAll()
        }
    }

    private static func end(after meaning: ExitMeaning) -> End? {
        switch meaning.wish {
        case .reboot: .power(.reboot)
        case .poweroff: .power(.poweroff)
        case .none, .stop: nil
        }
    }

    /// Asks for a boot from the network, where something can do that for this machine (C §15.4).
    private func bootFromNetworkNext() async throws {
        let request = APIRequest("POST", ["machines", machine.uuid, "actions", "nextbootpxe"], body: [:])
        do throws(ClientError) {
            try await machine.server.send(request)
        } catch {
            logger.debug("nothing sets what the machine boots from next", metadata: ["cause": "\(error)"])
        }
    }
}
