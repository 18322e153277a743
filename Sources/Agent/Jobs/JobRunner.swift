import Basics
import Client
import JSON
import Logging

/// Takes jobs of a machine from their beginning to their end.
struct JobRunner: Sendable {
    let machine: MachineConnection
    let folder: RunnerFolder
    let environment: ScriptEnvironment
    let logger: Logger

    /// What became of a job.
    enum Outcome: Sendable, Hashable {
        /// It ended.
        case ended(ExitMeaning)
        /// Somebody else ended it, or it is gone.
        case takenAway
    }

    /// How long the server may take for the last words of an agent that is to end.
    private static let farewell = Duration.seconds(5)

    /// Runs a job.
    ///
    /// - Parameter tasks: the machine's task list, for what came before the job.
    /// - Throws: `ClientError`, and `AgentError` if the folder of jobs cannot be used. A cancelled task leaves the job to be
    ///   run again.
    func run(_ job: JobState, tasks: [String]) async throws -> Outcome {
        let connection = JobConnection(machine: machine, uuid: job.uuid)
        guard try await connection.change(from: job.state, to: "running") == .made else { return .takenAway }
        logger.info("a task begins", metadata: ["task": "\(job.task)", "job": "\(job.uuid)"])
        let files = folder.job(job.uuid, in: RootFolder(of: tasks, at: job.index))
        let spool: OutputSpool
        do {
            spool = try await BlockingPool.shared.run { () throws(AgentError) in try Self.prepare(files) }
        } catch {
            let reason = Array("muster-agent: \(error)\n".utf8)
            _ = try await connection.append(reason, at: try await connection.logSize())
            return try await finish(job, files, .failed)
        }
        let sender = LogSender(connection, spool, logger: logger)
        let task = TaskRun(
            job: job, machine: machine, folder: files,
            script: ScriptRun(
                folder: files, environment: environment.entries(job, files, machine, runnerFolder: folder.path)),
            spool: spool, logger: logger)
        guard let meaning = await watched(task, connection, sender) else {
            logger.warning("a job was taken away", metadata: ["task": "\(job.task)", "job": "\(job.uuid)"])
            await BlockingPool.shared.run { files.remove() }
            return .takenAway
        }
        if Task.isCancelled {
            await breakOff(connection, sender)
            throw CancellationError()
        }
        await BlockingPool.shared.run { files.note(end: meaning) }
        try await sender.drain()
        return try await finish(job, files, meaning)
    }

    /// The files of a job, made, and the place for its output.
    private static func prepare(_ files: JobFolder) throws(AgentError) -> OutputSpool {
        try files.make()
        guard let spool = OutputSpool(files.record + "/output") else {
            throw AgentError(.failed, doing: "write", files.record + "/output")
        }
        return spool
    }

    /// What a task came to, while its output is sent; nil if the job was taken away.
    private func watched(_ task: TaskRun, _ connection: JobConnection, _ sender: LogSender) async -> ExitMeaning? {
        let sending = Task { try await sender.run() }
        let meaning = await withTaskGroup(of: ExitMeaning?.self) { group in
            group.addTask { await task.run() }
            group.addTask {
                // Who cannot ask runs the task to its end all the same.
                do { try await connection.waitUntilIdle() } catch { try? await Task.sleep(for: .seconds(1 << 30)) }
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            await group.waitForAll()
            return first
        }
        sending.cancel()
        _ = await sending.result
        return Task.isCancelled ? .brokenOff : meaning
    }

    /// Tells the server in a few words that the job is to be run again.
    private func breakOff(_ connection: JobConnection, _ sender: LogSender) async {
        let words = Task {
            try await sender.drain()
            _ = try await connection.change(from: "running", to: "incomplete")
        }
        let limit = Task {
            try await Task.sleep(for: Self.farewell)
            words.cancel()
        }
        _ = await words.result
        limit.cancel()
    }
}

// MARK: Ends

extension JobRunner {
    /// Tells the server how a job ended, however often it takes: first that the machine is not to go on, if it is not.
    ///
    /// - Throws: `ClientError`.
    func finish(_ job: JobState, _ files: JobFolder, _ meaning: ExitMeaning) async throws -> Outcome {
        if meaning.stopsMachine {
            do throws(ClientError) {
                try await machine.set(("Runnable", false))
            } catch {
                guard error.kind != .denied, error.status != nil else { throw error }
                logger.warning("the machine cannot be stopped", metadata: ["cause": "\(error)"])
            }
        }
        let connection = JobConnection(machine: machine, uuid: job.uuid)
        let change = try await connection.change(from: "running", to: meaning.state, exitState: meaning.exitState)
        await BlockingPool.shared.run { files.remove() }
        guard change == .made else { return .takenAway }
        logger.info(
            "a task ended", metadata: ["task": "\(job.task)", "job": "\(job.uuid)", "state": "\(meaning.exitState)"])
        return .ended(meaning)
    }

    /// Ends a job that an earlier agent has begun: as that noted, or else so that it is given again from its beginning.
    ///
    /// - Returns: how it ended, if the earlier agent knew.
    /// - Throws: `ClientError`.
    func recover(_ job: JobState) async throws -> ExitMeaning? {
        let files = folder.job(job.uuid)
        let (end, count) = await BlockingPool.shared.run { (files.end, files.killRest()) }
        if count > 0 {
            logger.notice(
                "killed what an earlier agent left", metadata: ["job": "\(job.uuid)", "processes": "\(count)"])
        }
        if let end {
            let outcome = try await finish(job, files, end)
            return outcome == .takenAway ? nil : end
        }
        logger.notice("a job was broken off; it is run again", metadata: ["task": "\(job.task)", "job": "\(job.uuid)"])
        let connection = JobConnection(machine: machine, uuid: job.uuid)
        _ = try await connection.change(from: job.state, to: "incomplete")
        return nil
    }
}
