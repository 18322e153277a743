import JSON
import Provisioning
import Store
import Testing
import Tracker

/// Whatever is asked of pools in whatever order, and however jobs end: each machine is where the plain model says, also after
/// restarts, and nothing is left of moves that are over.
@Suite struct `Machines in pools` {
    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `are where the model says`(seed: UInt64) async throws {
        var random = SplitMix(state: seed)
        var world = try await PoolWorld()
        var model = PoolModel(machines: Array(repeating: PoolModel.Machine(), count: PoolWorld.count))
        var statuses: Set<String> = []
        var (taken, refused) = (0, 0)
        for step in 0..<250 {
            let label = "seed \(seed) step \(step)"
            let index = random.below(PoolWorld.count)
            switch random.below(12) {
            case 0...4:
                let order = Self.order(&random, model.machines[index].pool)
                let expected = model.carryOut(order)
                #expect(try await world.carryOut(order) == expected, "\(label): \(order)")
                if expected == nil { refused += 1 } else { taken += 1 }
            case 5...9:
                let state = random.below(4) == 0 ? "failed" : "finished"
                model.run(index, state)
                try await world.run(index, state)
            case 10 where random.below(3) == 0:
                let status = ["Free", "InUse", "HoldLeave", "Building"][random.below(4)]
                model.machines[index].set(status)
                try await world.server.update("machines", PoolWorld.key(index), ["PoolStatus": .string(status)])
            case 10 where random.below(3) == 0:
                model.machines[index] = PoolModel.Machine()
                try await world.remake(index)
            case 11 where random.below(3) == 0: world = try await world.restarted()
            default: continue
            }
            #expect(world.state(like: model) == model, "\(label)")
            let moving = model.machines.count { $0.target != nil }
            #expect(world.server.tracker.snapshot["pool_transfers"]?.count == moving, "\(label)")
            statuses.formUnion(model.machines.map(\.status))
        }
        #expect(statuses.count >= 6 && taken > 15 && refused > 5, "seed \(seed): \(statuses) \(taken) \(refused)")
    }

    /// - Parameter pool: one that has machines.
    private static func order(_ random: inout SplitMix, _ pool: String) -> PoolModel.Order {
        let count = 1 + random.below(3)
        let operation = ["add", "add", "remove", "allocate", "allocate", "release"][random.below(6)]
        let other = PoolModel.names[random.below(PoolModel.names.count)]
        return PoolModel.Order(
            operation: operation, pool: operation == "add" ? other : pool, source: pool, count: count,
            minimum: 1 + random.below(count), isForced: random.below(5) == 0,
            workflow: ["", "", "", "wipe", "idle"][random.below(5)])
    }
}

/// The real thing: a server with the model's pools and workflows, and some machines.
private struct PoolWorld {
    static let count = 6
    let server: TestServer
    private let store: MemoryStore

    static func key(_ index: Int) -> String { "00000000-0000-4000-8000-00000000000\(index)" }

    init() async throws {
        store = MemoryStore()
        server = try await TestServer(store: store)
        for (name, count) in PoolModel.workflows {
            let tasks = (0..<count).map { "\(name)-task\($0)" }
            for task in tasks { try await server.create("tasks", ["Name": .string(task)]) }
            try await server.create("stages", ["Name": .string(name), "Tasks": JSONValue(tasks)])
            try await server.create(
                "workflows", ["Name": .string(name), "Stages": JSONValue(count == 0 ? [] : [name])])
        }
        for (name, pool) in PoolModel.pools {
            func actions(_ workflow: String) -> JSONValue { ["Workflow": .string(workflow)] }
            try await server.create(
                "pools",
                [
                    "Id": .string(name), "ParentPool": .string(pool.parent), "EnterActions": actions(pool.enter),
                    "AllocateActions": actions(pool.allocate), "ReleaseActions": actions(pool.release),
                    "ExitActions": actions(pool.exit),
                ])
        }
        for index in 0..<Self.count { try await make(index) }
    }

    private init(over store: MemoryStore) async throws {
        self.store = store
        server = try await TestServer(store: store)
    }

    func restarted() async throws -> PoolWorld { try await PoolWorld(over: store) }

    private func make(_ index: Int) async throws {
        try await server.create("machines", ["Name": .string("m\(index)"), "Uuid": .string(Self.key(index))])
    }

    func remake(_ index: Int) async throws {
        try await server.remove("machines", Self.key(index))
        try await make(index)
    }

    /// The machines as the model has them; how much of their work is left, and where they go, only shows in time.
    func state(like model: PoolModel) -> PoolModel {
        var state = model
        for index in model.machines.indices {
            let machine = server.object("machines", Self.key(index)) ?? [:]
            state.machines[index].pool = machine["Pool"]?.stringValue ?? ""
            state.machines[index].status = machine["PoolStatus"]?.stringValue ?? ""
            state.machines[index].workflow = machine["Workflow"]?.stringValue ?? ""
            state.machines[index].isAllocated = machine["PoolAllocated"] == true
        }
        return state
    }

    /// - Returns: the machines that were taken; nil if the order was refused.
    func carryOut(_ order: PoolModel.Order) async throws -> [Int]? {
        let operation = try #require(PoolOperation(rawValue: "\(order.operation)Machines"))
        let body: JSONObject = [
            "pool/count": JSONValue(order.count), "pool/minimum": JSONValue(order.minimum),
            "pool/workflow": .string(order.workflow),
        ]
        let request = TrackerRequest(id: "test", principal: "test", isForced: order.isForced)
        do throws(TrackerError) {
            let parsed = try PoolOrder(
                operation, pool: order.pool, source: order.source, body: body, in: server.tracker.snapshot)
            let keys = try await server.tracker.commit(request) { draft throws(TrackerError) in
                try draft.changePool(parsed)
            }.value
            return keys.map { key in (0..<Self.count).first { Self.key($0) == key.string } ?? -1 }
        } catch {
            #expect(error.code == .conflict || error.code == .invalid)
            return nil
        }
    }

    /// Runs the machine's next task, and asks for one more, as runners do.
    func run(_ index: Int, _ state: String) async throws {
        guard let job = try await next(index) else { return }
        try await server.update("jobs", job.string, ["State": "running"])
        try await server.update("jobs", job.string, ["State": .string(state)])
        let machine = server.object("machines", Self.key(index)) ?? [:]
        let isLast = machine["CurrentTask"]?.intValue == (machine["Tasks"]?.arrayValue ?? []).count - 1
        if state == "finished", isLast { #expect(try await next(index) == nil) }
    }

    private func next(_ index: Int) async throws -> ByteString? {
        let next = try await server.change { draft throws(TrackerError) in
            try draft.nextJob(JobOrder(machine: Self.key(index)))
        }
        guard case .created(let key) = next else { return nil }
        return key
    }
}
