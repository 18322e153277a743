/// Machines in pools, as plainly as the rules can be written: what the server is compared with.
struct PoolModel: Equatable {
    /// How many tasks each workflow has.
    static let workflows = ["enter": 1, "build": 2, "wipe": 1, "exit": 1, "idle": 0]
    /// The pools with an object: their parent, and the workflows of entering, being allocated, released, and leaving.
    static let pools: [String: (parent: String, enter: String, allocate: String, release: String, exit: String)] = [
        "aa": ("default", "", "build", "", "exit"), "bb": ("aa", "enter", "", "wipe", ""),
        "cc": ("", "idle", "build", "wipe", "exit"),
    ]
    /// All pools; the last one has no object.
    static let names = ["default", "aa", "bb", "cc", "dd"]

    struct Machine: Equatable {
        var pool = "default", status = "Free", workflow = ""
        var isAllocated = false
        /// How many tasks of its workflow have not finished.
        var left = 0
        var target: Target?
    }

    struct Target: Equatable {
        var pool: String
        var workflow: String
    }

    struct Order {
        var operation: String
        var pool: String
        var source: String
        var count: Int
        var minimum: Int
        var isForced: Bool
        var workflow: String
    }

    /// By the order of their keys.
    var machines: [Machine]

    static func parent(of pool: String) -> String {
        let parent = pools[pool]?.parent ?? ""
        return parent.isEmpty ? "default" : parent
    }

    // MARK: Orders

    /// - Returns: the machines that are taken; nil if the order is refused.
    mutating func carryOut(_ order: Order) -> [Int]? {
        let parent = Self.parent(of: order.pool)
        if order.operation == "add", order.source == order.pool { return nil }
        if order.operation == "remove", parent == order.pool { return nil }
        let place = order.operation == "add" ? order.source : order.pool
        let inPool = machines.indices.filter { machines[$0].pool == place }
        let wanted = order.operation == "release" ? ("InUse", true) : ("Free", false)
        let fit = inPool.filter { machines[$0].status == wanted.0 && machines[$0].isAllocated == wanted.1 }
        let others = inPool.filter { !fit.contains($0) && machines[$0].isAllocated == wanted.1 }
        let taken = Array((fit + (order.isForced ? others : [])).prefix(order.count))
        guard taken.count >= order.minimum else { return nil }
        for index in taken { carryOut(order, on: index) }
        return taken
    }

    private mutating func carryOut(_ order: Order, on index: Int) {
        let own = Self.pools[machines[index].pool]
        func chosen(_ workflow: String?) -> String { order.workflow.isEmpty ? workflow ?? "" : order.workflow }
        switch order.operation {
        case "allocate": machines[index].begin("Building", chosen(own?.allocate))
        case "release": machines[index].begin("Destroying", chosen(own?.release))
        case "add":
            let target = Target(pool: order.pool, workflow: chosen(Self.pools[order.pool]?.enter))
            machines[index].begin("Leaving", own?.exit ?? "", target)
        default:
            let parent = Self.parent(of: order.pool)
            let target = Target(pool: parent, workflow: Self.pools[parent]?.enter ?? "")
            machines[index].begin("Leaving", chosen(own?.exit), target)
        }
    }

    // MARK: Work

    mutating func run(_ index: Int, _ state: String) { machines[index].run(state) }
}

extension PoolModel.Machine {
    private static let held = [
        "Joining": "HoldJoin", "Building": "HoldBuild", "Destroying": "HoldDestroy", "Leaving": "HoldLeave",
    ]

    /// The status of the transition that it is in, held or not; nil if it is in none.
    private var running: String? { Self.held.first { $0.key == status || $0.value == status }?.key }

    mutating func begin(_ status: String, _ workflow: String, _ target: PoolModel.Target? = nil) {
        (self.status, self.target, isAllocated) = (status, target, status == "Building")
        if !workflow.isEmpty { (self.workflow, left) = (workflow, PoolModel.workflows[workflow] ?? 0) }
        if workflow.isEmpty || left == 0 { end() }
    }

    private mutating func end() {
        switch running {
        case "Joining", "Destroying": status = "Free"
        case "Building": status = "InUse"
        case "Leaving":
            let parent = PoolModel.parent(of: pool)
            let next = target ?? PoolModel.Target(pool: parent, workflow: PoolModel.pools[parent]?.enter ?? "")
            pool = next.pool
            begin("Joining", next.workflow)
        default: break
        }
    }

    /// One more task is run.
    mutating func run(_ state: String) {
        guard left > 0 else { return }
        if let running { status = running }
        if state == "failed" {
            if let running, let held = Self.held[running] { status = held }
        } else {
            left -= 1
            if left == 0 { end() }
        }
    }

    /// Somebody sets the status.
    mutating func set(_ status: String) {
        self.status = status
        if running != "Leaving" { target = nil }
        if running != nil, left == 0 { end() }
    }
}
