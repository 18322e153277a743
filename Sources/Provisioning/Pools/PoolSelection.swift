import Basics
import JSON
import Tracker

/// The machines that an order may take, one after the other: those first that it may take without force.
struct PoolSelection {
    /// How many machines are asked for.
    let most: Int
    /// How many machines must be found.
    let minimum: Int
    /// Whether the order names its machines.
    let isNamed: Bool
    private let order: PoolOrder
    private let isForced: Bool
    /// The machines that were not looked at yet, the next one last.
    private var found: [StoredObject]
    /// Those that can only be taken by force, in their order.
    private var forced: [StoredObject] = []
    /// Whether all that can be taken without force are gone.
    private var takesByForce = false
    /// Why machines that the order names cannot be taken.
    private var objections: [String] = []

    /// What `order` may take of what `draft` has.
    init(
        _ order: PoolOrder, in draft: Draft, parameter: ((StoredObject, String) -> JSONValue?)?
    ) throws(TrackerError) {
        self.order = order
        isForced = draft.request.isForced
        switch order.selection {
        case .all: (most, isNamed) = (.max, false)
        case .count(let count): (most, isNamed) = (count, false)
        case .list(let names): (most, isNamed) = (names.count, true)
        }
        let (machines, named) = try Self.machines(order, in: draft, parameter)
        found = machines.reversed()
        minimum = min(order.minimum, named ?? .max)
    }

    /// The next machine; nil if there is none. Machines are looked at when their turn comes: of a large pool mostly few are
    /// wanted.
    mutating func next() -> StoredObject? {
        while !takesByForce, let machine = found.popLast() {
            guard let problem = objection(to: machine, isForced: false) else { return machine }
            if isForced, objection(to: machine, isForced: true) == nil {
                forced.append(machine)
            } else if isNamed {
                objections.append("Machine \(machine.text("Name")) \(problem)")
            }
        }
        if !takesByForce { (takesByForce, found) = (true, forced.reversed()) }
        return found.popLast()
    }

    /// The refusal of an order that finds too few machines.
    func shortage(_ count: Int) -> TrackerError {
        let what = "can be \(order.operation.word)\(order.filters.isEmpty ? "" : " and that the filters let through")"
        let message =
            "Pool \(order.source) has \(count) machines that \(what), and at least \(minimum) are asked for"
        return TrackerError(.conflict, "pools", key: order.pool, [message] + objections)
    }

    private func objection(to machine: StoredObject, isForced: Bool) -> String? {
        if machine.flag("Locked") { return "is locked" }
        let pool = machine.text("Pool")
        guard pool.hasSameUTF8(as: order.source) else { return "is in the pool \(pool), not in \(order.source)" }
        return order.operation.objection(
            to: PoolStatus(named: machine.text("PoolStatus")), isAllocated: machine.flag("PoolAllocated"),
            isForced: isForced, isNamed: isNamed)
    }

    /// The machines that the caller sees among those that the order names, or among all of the pool; and how many are named, by
    /// whatever names.
    private static func machines(
        _ order: PoolOrder, in draft: Draft, _ parameter: ((StoredObject, String) -> JSONValue?)?
    ) throws(TrackerError) -> ([StoredObject], named: Int?) {
        let authorization = draft.request.authorization
        func isSeen(_ machine: StoredObject) -> Bool {
            authorization?.sees(ObjectID("machines", machine.key), in: draft.view) ?? true
        }
        let query = try query(order, try draft.type("machines"))
        guard case .list(let names) = order.selection else {
            let visibility = authorization == nil ? nil : RowVisibility(isSeen)
            let list = try draft.view.list("machines", query, visibility: visibility, parameter: parameter)
            return (list.objects, nil)
        }
        var named: [StoredObject] = []
        var seen: Set<ByteString> = []
        for name in names {
            guard let machine = draft.view.resolve("machines", name), isSeen(machine) else {
                throw TrackerError(.invalid, "pools", key: order.pool, "Machine \(name) does not exist")
            }
            if seen.insert(machine.key).inserted { named.append(machine) }
        }
        guard !order.filters.isEmpty else { return (named, named.count) }
        let visibility = RowVisibility(candidates: seen.sorted()) { seen.contains($0.key) }
        let passing = Set(
            try draft.view.list("machines", query, visibility: visibility, parameter: parameter).objects.map(\.key))
        return (named.filter { passing.contains($0.key) }, named.count)
    }

    /// The query for the machines of the pool that the filters let through; of named ones, whatever their pool is.
    private static func query(_ order: PoolOrder, _ type: ObjectType) throws(TrackerError) -> ListQuery {
        for (name, value) in order.filters {
            let alone = try ListQuery(arguments: [(name, value)], type: type)
            guard alone.limit == nil, alone.offset == 0 else {
                let message = "pool/filter: \(name) is none; pool/count says how many machines are taken"
                throw TrackerError(.badQuery, "machines", message)
            }
        }
        var arguments = order.filters
        if case .list = order.selection {} else { arguments.insert(("Pool", "Eq(\(order.source))"), at: 0) }
        return try ListQuery(arguments: arguments, type: type)
    }
}
