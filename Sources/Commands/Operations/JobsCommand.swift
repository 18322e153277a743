import ArgumentParser
import Basics
import Client
import JSON

/// `muster jobs`.
struct JobsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs", abstract: "Read the logs of jobs, and forget old jobs.",
        discussion: """
            `muster list jobs` lists them.

            Examples:
              muster jobs log --machine Name:web-1 -f
              muster jobs purge --keep 10 --dry-run
            """,
        subcommands: [JobLogCommand.self, PurgeJobsCommand.self])
}

/// `muster jobs log`.
struct JobLogCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Show the log of a job.",
        discussion: """
            Examples:
              muster jobs log 8c0a7c1e-6a55-4ad3-9d0b-3a8fb6f1a0f2
              muster jobs log --machine Name:web-1 -f
            """)

    @Argument(help: ArgumentHelp("The job.", valueName: "job")) var job: String?
    @Option(help: ArgumentHelp("The machine whose present job it is, or INDEX:VALUE.", valueName: "machine"))
    var machine: String?
    @Flag(name: .shortAndLong, help: "Go on with what comes, until the job has ended.") var follow = false
    @OptionGroup var client: ClientOptions

    /// How often a log is taken up again that broke off without a byte.
    private static let attempts = 5

    var tellsWaiting: Bool { false }

    func validate() throws {
        if (job == nil) == (machine == nil) { throw ValidationError("Say which job, or --machine") }
    }

    func run(_ session: CommandSession) async throws {
        let job = try await self.job(session.client)
        let request = APIRequest("GET", ["jobs", job, "log"], query: follow ? [("follow", "true")] : [])
        // A log that broke off comes again from its beginning.
        var (shown, failures) = (0, 0)
        while true {
            do throws(ClientError) {
                return try await copy(request, session, &shown, &failures)
            } catch {
                failures += 1
                guard follow, error.kind == .unreachable, failures < Self.attempts, !Task.isCancelled else {
                    throw error
                }
                try await Task.sleep(for: .milliseconds(100 << failures))
            }
        }
    }

    /// The job that is meant.
    private func job(_ client: MusterClient) async throws(ClientError) -> String {
        if let job { return job }
        let machine = try await client.send(APIRequest("GET", ["machines", machine ?? ""])).json()
        guard let job = machine["CurrentJob"]?.stringValue, !job.isEmpty else {
            throw ClientError(.notFound, "machines/\(self.machine ?? "") has no job at present")
        }
        return job
    }

    /// Copies a log to the output but for what was shown already.
    private func copy(
        _ request: APIRequest, _ session: CommandSession, _ shown: inout Int, _ failures: inout Int
    ) async throws(ClientError) {
        var (place, known, begun) = (0, shown, failures)
        defer { (shown, failures) = (known, begun) }
        try await session.client.stream(request).forEachPart { (part) throws(ClientError) in
            let fresh = part.dropFirst(max(known - place, 0))
            place += part.count
            if fresh.isEmpty { return }
            (known, begun) = (place, 0)
            try session.console.write(Array(fresh))
            if follow { try session.console.flush() }
        }
    }
}

/// `muster jobs purge`.
struct PurgeJobsCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge", abstract: "Forget jobs that ended long ago, as the preferences or these options say.",
        discussion: """
            A machine's present job stays, and so does what has not ended.

            Examples:
              muster jobs purge --dry-run
              muster jobs purge --machine Name:web-1 --keep 10
              muster jobs purge --machine missing
            """)

    @Option(help: ArgumentHelp("How many jobs of each machine stay.", valueName: "number")) var keep: Int?
    @Option(help: ArgumentHelp("How long failed jobs stay, as 30d.", valueName: "duration")) var failedAfter: String?
    @Option(help: ArgumentHelp("How long finished jobs stay, as 30d.", valueName: "duration")) var completeAfter:
        String?
    @Option(help: ArgumentHelp("Jobs of this machine only, or missing: of those that are gone.", valueName: "machine"))
    var machine: String?
    @OptionGroup var writing: WriteOptions
    @OptionGroup var client: ClientOptions

    func run(_ session: CommandSession) async throws {
        var query = writing.isDryRun ? [(name: "dryrun", value: "true")] : []
        let options = [
            ("jobsToKeep", keep.map { String($0) }), ("failedJobsPurgedAfter", failedAfter),
            ("completeJobsPurgedAfter", completeAfter), ("machine", machine),
        ]
        for (name, value) in options { if let value { query.append((name, value)) } }
        let request = APIRequest("DELETE", ["jobs"], query: query, headers: writing.headers)
        let jobs = try await session.client.send(request).json()
        if session.isStructured { return try session.show(jobs) }
        for job in jobs.arrayValue ?? [] {
            try session.console.write("jobs/\(FieldList.cell(job)) \(writing.isDryRun ? "would go" : "deleted")\n")
        }
    }
}
