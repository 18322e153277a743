import ArgumentParser
import Basics
import Client
import JSON

/// `muster simulate`.
struct SimulateCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Play machines that work through a workflow, and tell how fast the server is.",
        discussion: """
            Each machine registers itself, asks for its jobs, reports and logs them as a runner on it would, boots when \
            it is told to, and tries again what failed, all through the public API. Machines are called sim-1, sim-2 \
            and so on; those of an earlier run begin anew. Without --workflow, a workflow `simulate` of --tasks tasks \
            is made for them. They stay, so that one can look at them: --clean takes away what a run made.

            Examples:
              muster simulate --machines 50
              muster simulate --machines 10000 --tasks 20 --at-once 128 -o json
              muster simulate --machines 50 --workflow configure-debian --failures 5
              muster simulate --machines 50 --clean
            """)

    @Option(help: "How many machines.") var machines = 10
    @Option(help: ArgumentHelp("The workflow; by default one that is made.", valueName: "name")) var workflow: String?
    @Option(help: "How many tasks the workflow that is made has.") var tasks = 5
    @Option(help: ArgumentHelp("How many machines work at once.", valueName: "count")) var atOnce = 32
    @Option(help: ArgumentHelp("How many of a hundred jobs fail at first.", valueName: "percent")) var failures = 2
    @Option(help: ArgumentHelp("How many bytes each job logs.", valueName: "bytes")) var logBytes = 256
    @Option(help: ArgumentHelp("What chooses the jobs that fail.", valueName: "number")) var seed = 1
    @Flag(help: "Take away the machines of this many, their jobs and the workflow that was made.") var clean = false
    @OptionGroup var client: ClientOptions

    /// It tells how far it is itself.
    var tellsWaiting: Bool { false }

    /// Each machine has a connection of its own, and sends what runners send.
    func adjust(_ settings: inout ClientSettings) {
        settings.mostConnections = atOnce
        settings.sendsIdempotencyKeys = false
    }

    func validate() throws {
        guard 1...1_000_000 ~= machines else { throw ValidationError("--machines: from 1 to 1000000, not \(machines)") }
        guard 1...1_000 ~= tasks else { throw ValidationError("--tasks: from 1 to 1000, not \(tasks)") }
        guard 1...4_096 ~= atOnce else { throw ValidationError("--at-once: from 1 to 4096, not \(atOnce)") }
        guard 0...90 ~= failures else { throw ValidationError("--failures: from 0 to 90 percent, not \(failures)") }
        guard 0...1_048_576 ~= logBytes else {
            throw ValidationError("--log-bytes: from 0 to 1048576, not \(logBytes)")
        }
    }

    func run(_ session: CommandSession) async throws {
        let content = SimulatedContent(session.client, tasks: tasks)
        let progress = ProgressLine()
        if clean {
            let count = try await content.remove(machines: machines, progress)
            progress.clear()
            return try session.show(["removed": JSONValue(count)])
        }
        if workflow == nil { try await content.make() }
        let plan = SimulationPlan(
            workflow: workflow ?? SimulatedContent.name, failures: failures, log: Self.log(logBytes), seed: seed)
        let records = SimulationRecords()
        let start = ContinuousClock.now
        try await play(plan, records, session.client, progress)
        progress.clear()
        let report = records.report(machines: machines, after: start.duration(to: .now))
        if session.isStructured { return try session.show(report.value) }
        try session.console.write(report.text)
    }

    /// Has all machines do their work, some at once.
    private func play(
        _ plan: SimulationPlan, _ records: SimulationRecords, _ client: MusterClient, _ progress: ProgressLine
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var begun = 0
            func begin() {
                begun += 1
                let connection = client.dedicatedConnection()
                let machine = SimulatedMachine(number: begun, plan, records, client, connection)
                // It stays on the thread of its connection: so many can be played that the server is what is measured.
                group.addTask(executorPreference: connection.executor) { try await machine.live() }
            }
            while begun < min(atOnce, machines) { begin() }
            var ended = 0
            for try await _ in group {
                ended += 1
                progress.tell("\(ended) of \(machines) machines, \(records.jobs) jobs")
                if begun < machines { begin() }
            }
        }
    }

    /// What a job logs: lines of some length.
    private static func log(_ count: Int) -> [UInt8] {
        let line = Array("step done: all is as it should be, nothing else to tell of it\n".utf8)
        return (0..<count).map { line[$0 % line.count] }
    }
}

/// What simulated machines do.
struct SimulationPlan: Sendable {
    /// The workflow that they go through.
    let workflow: String
    /// How many of a hundred jobs fail at first.
    let failures: Int
    /// What each job logs.
    let log: [UInt8]
    /// What chooses the jobs that fail.
    let seed: Int

    /// Whether the job of a machine at a place of its list fails at first: always the same ones for a seed.
    func fails(machine: Int, index: Int) -> Bool {
        var mixed = UInt64(truncatingIfNeeded: seed &* 1_000_003 &+ machine &* 8_191 &+ index)
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return Int((mixed ^ (mixed >> 31)) % 100) < failures
    }
}
