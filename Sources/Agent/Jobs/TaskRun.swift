import Basics
import Client
import Glibc
import Logging
import Synchronization

/// A job's task, as it is run: its files are written and its scripts run one after the other, until one does not end well.
struct TaskRun: Sendable {
    let job: JobState
    let machine: MachineConnection
    let folder: JobFolder
    let script: ScriptRun
    let spool: OutputSpool
    let logger: Logger

    /// Does all that the task has.
    ///
    /// - Returns: what it came to; of a cancelled task, that it was broken off.
    func run() async -> ExitMeaning {
        do {
            if let root = RootFolder(entry: job.task) {
                try enter(root)
                return .done
            }
            if let problem = folder.root.problem(isRoot: geteuid() == 0, exists: { Folder.exists($0) }) {
                throw AgentError(.failed, problem)
            }
            for (index, action) in try await machine.actions(of: job.uuid).enumerated() {
                let meaning = try await perform(action, number: index + 1)
                if Task.isCancelled { return .brokenOff }
                guard meaning.goesOn else { return meaning }
            }
            return .done
        } catch {
            if Task.isCancelled { return .brokenOff }
            await say("\(error)")
            return .failed
        }
    }

    private func enter(_ root: RootFolder) throws(AgentError) {
        if let problem = root.problem(isRoot: geteuid() == 0, exists: { Folder.exists($0) }) {
            throw AgentError(.failed, problem)
        }
    }

    private func perform(_ action: JobAction, number: Int) async throws -> ExitMeaning {
        guard action.isScript else {
            try await BlockingPool.shared.run { () throws(AgentError) in
                try folder.write(action.content, to: action.path, mode: 0o644)
            }
            await say("wrote \(action.path)")
            return .done
        }
        let order = try await BlockingPool.shared.run { () throws(AgentError) in
            try script.prepare(action, number: number)
        }
        await say("running \(action.name)")
        let end = try await run(order)
        switch end {
        case .exited(let code):
            let meaning = ExitMeaning(exitCode: code)
            await say("\(action.name) ended with \(code)")
            return meaning
        case .killed(let signal):
            await say("\(action.name) was ended by signal \(signal)")
            return .failed
        }
    }

    /// Runs a program; one that is cancelled is ended with all that it started.
    private func run(_ order: RunningProcess.Order) async throws -> RunningProcess.End {
        try Task.checkCancellation()
        let process = try RunningProcess(order)
        return await withTaskCancellationHandler {
            await BlockingPool.shared.run { [folder, spool] in
                folder.note(group: process.id)
                return process.run { spool.append($0) }
            }
        } onCancel: {
            process.end()
        }
    }

    /// Puts a line of the agent's own into the log.
    private func say(_ text: String) async {
        logger.debug("\(text)", metadata: ["job": "\(job.uuid)"])
        await BlockingPool.shared.run { [spool] in spool.append("muster-agent: \(text)\n") }
    }
}
