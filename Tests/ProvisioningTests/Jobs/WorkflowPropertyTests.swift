import JSON
import Provisioning
import Store
import Testing
import Tracker

/// Whatever is done to a machine in whatever order: its workflow, position and jobs are what the plain model says, also after
/// restarts, and undoing a change brings back what was before.
@Suite struct `A machine in workflows` {
    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `does as the model says`(seed: UInt64) async throws {
        var random = SplitMix(state: seed)
        var world = try await MachineWorld()
        var (model, past) = (WorkflowModel(), [WorkflowModel]())
        var seen: [String: Int] = [:]
        for step in 0..<300 {
            let before = model
            let revision = world.server.tracker.snapshot.revision
            let label = "seed \(seed) step \(step)"
            switch random.below(15) {
            case 0...5:
                let (expected, answer) = (model.order(), try await world.order())
                #expect(answer == expected, "\(label)")
                seen["\(expected)".prefix { $0 != "(" }.description, default: 0] += 1
            case 6...8:
                let state = ["finished", "finished", "finished", "failed", "incomplete", "running"][random.below(6)]
                guard model.job != nil else { continue }
                #expect(try await world.end(state) == model.end(state), "\(label): \(state)")
            case 10 where random.below(4) == 0:
                let name = ["w1", "w2", "w3", "w4", ""][random.below(5)]
                model.set(workflow: name)
                try await world.expect(true, ["Workflow": .string(name)], label)
            case 9, 10, 14:
                let isRunnable = random.below(8) > 0
                model.set(runnable: isRunnable)
                try await world.expect(true, ["Runnable": .bool(isRunnable)], label)
            case 11:
                var tasks = model.tasks
                if random.below(2) == 0, !tasks.isEmpty { tasks.remove(at: random.below(tasks.count)) }
                if random.below(2) == 0 { tasks.insert("t\(1 + random.below(5))", at: random.below(tasks.count + 1)) }
                try await world.expect(model.edit(tasks), ["Tasks": JSONValue(tasks)], label)
            case 12:
                let place = random.below(model.tasks.count + 2) - 1
                try await world.expect(
                    model.move(to: place), ["CurrentTask": JSONValue(place)], "\(label): to \(place)")
            case 13 where random.below(3) == 0: world = try await world.restarted()
            case 13:
                guard let last = past.last else { continue }
                // A job that somebody works on is not taken back.
                let isMade = last.jobs < model.jobs && ["created", "running"].contains(model.job?.state)
                #expect(try await world.undoLast() == !isMade, "\(label): undo")
                if isMade { continue }
                model = last
                past = [before]
                #expect(world.state(jobs: model.jobs) == model, "\(label): undone")
                continue
            default: continue
            }
            #expect(world.state(jobs: model.jobs) == model, "\(label)")
            if world.server.tracker.snapshot.revision != revision { past = [before] }
        }
        #expect(seen["created", default: 0] > 2 && seen["nothing", default: 0] > 2, "seed \(seed) saw \(seen)")
    }
}

/// The real thing: a server with the model's stages, and one machine.
private struct MachineWorld {
    let server: TestServer
    private let store: MemoryStore
    private static let uuid = "00000000-0000-4000-8000-000000000001"

    init() async throws {
        store = MemoryStore()
        server = try await TestServer(store: store)
        for task in ["t1", "t2", "t3", "t4", "t5"] {
            let needs = WorkflowModel.prerequisites[task] ?? []
            try await server.create("tasks", ["Name": .string(task), "Prerequisites": JSONValue(needs)])
        }
        for name in ["env1", "env2"] { try await server.create("bootenvs", ["Name": .string(name)]) }
        for (name, stage) in WorkflowModel.stages where name != "none" {
            try await server.create(
                "stages",
                ["Name": .string(name), "BootEnv": .string(stage.bootEnv), "Tasks": JSONValue(stage.tasks)])
        }
        for (name, stages) in WorkflowModel.workflows {
            try await server.create("workflows", ["Name": .string(name), "Stages": JSONValue(stages)])
        }
        let retries = JSONObject(WorkflowModel.retries.map { ($0.key, JSONValue($0.value)) })
        try await server.create(
            "machines", ["Name": "m1", "Uuid": .string(Self.uuid), "Params": ["task-retry": .object(retries)]])
    }

    private init(over store: MemoryStore) async throws {
        self.store = store
        server = try await TestServer(store: store)
    }

    func restarted() async throws -> MachineWorld { try await MachineWorld(over: store) }

    /// The machine and its job as the model has them.
    func state(jobs: Int) -> WorkflowModel {
        let machine = server.object("machines", Self.uuid) ?? [:]
        var state = WorkflowModel()
        state.workflow = machine["Workflow"]?.stringValue ?? ""
        state.stage = machine["Stage"]?.stringValue ?? ""
        state.bootEnv = machine["BootEnv"]?.stringValue ?? ""
        state.tasks = (machine["Tasks"]?.arrayValue ?? []).compactMap(\.stringValue)
        state.current = machine["CurrentTask"]?.intValue ?? 0
        state.isRunnable = machine["Runnable"] == true
        state.isComplete = machine["WorkflowComplete"] == true
        state.attempts = machine["RetryTaskAttempt"]?.intValue ?? 0
        let job = machine["CurrentJob"]?.stringValue.flatMap { server.object("jobs", $0) }
        state.jobs = jobs
        state.job = job.map { job in
            WorkflowModel.Job(
                index: job["CurrentIndex"]?.intValue ?? 0, entry: job["Task"]?.stringValue ?? "",
                state: job["State"]?.stringValue ?? "")
        }
        return state
    }

    func order() async throws -> WorkflowModel.Answer {
        let next: NextJob
        do throws(TrackerError) {
            next = try await server.change { draft throws(TrackerError) in
                try draft.nextJob(JobOrder(machine: Self.uuid))
            }
        } catch {
            #expect(error.code == .conflict)
            return .conflict
        }
        func job(_ key: ByteString) -> (Int, String) {
            let job = server.object("jobs", key.string)
            return (job?["CurrentIndex"]?.intValue ?? -1, job?["Task"]?.stringValue ?? "")
        }
        switch next {
        case .created(let key): return .created(job(key).0, job(key).1)
        case .resumed(let key): return .resumed(job(key).0, job(key).1)
        case .none: return .nothing
        case .action: return .conflict
        }
    }

    /// - Returns: whether that was taken.
    func end(_ state: String) async throws -> Bool {
        let key = server.object("machines", Self.uuid)?["CurrentJob"]?.stringValue ?? ""
        return await refusal { () throws(TrackerError) in
            try await server.update("jobs", key, ["State": .string(state)])
        }
            == nil
    }

    /// Changes fields of the machine, which must be taken or refused as the model does it.
    func expect(_ isTaken: Bool, _ fields: JSONObject, _ label: String) async throws {
        let refused = await refusal { () throws(TrackerError) in try await server.update("machines", Self.uuid, fields)
        }
        #expect((refused == nil) == isTaken, "\(label): \(fields) \(refused.map { "\($0)" } ?? "")")
    }

    /// Undoes the newest change.
    ///
    /// - Returns: whether that was taken.
    func undoLast() async throws -> Bool {
        let plan = try await server.tracker.undoPlan(for: server.tracker.snapshot.revision)
        return await refusal { () throws(TrackerError) in
            try await server.change { draft throws(TrackerError) in try draft.undo(plan) }
        } == nil
    }
}
