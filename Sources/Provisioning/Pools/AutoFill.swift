import Basics
import JSON
import Tracker

/// How many free machines a pool is to have, and where they come from and go to (C §5.3, §19).
struct AutoFill: Sendable {
    /// The most free machines that a pool can be told to have.
    static let mostFree = 10_000
    /// How many machines of a pool are moved in one commit.
    private static let portion = 100

    /// The pool.
    let pool: String
    private let least: Int
    /// Zero for no limit.
    private let most: Int
    private let acquirePool: String
    private let returnPool: String
    /// The params that acquired machines get.
    private let params: JSONObject

    /// What a pool says; nil if it is not to be filled.
    init?(_ pool: StoredObject, in view: Snapshot) {
        let record = pool.object.members("AutoFill")
        guard record.flag("UseAutoFill") else { return nil }
        self.pool = pool.key.string
        (least, most) = (record.int("MinFree"), record.int("MaxFree"))
        let parent = view.parentPool(of: self.pool)
        func named(_ field: String) -> String { record.text(field).isEmpty ? parent : record.text(field) }
        (acquirePool, returnPool) = (named("AcquirePool"), named("ReturnPool"))
        params = record.members("CreateParameters")
    }

    /// All pools that are to be filled.
    static func all(in view: Snapshot) -> [AutoFill] {
        var found: [AutoFill] = []
        view["pools"]?.objects.forEach { _, pool in
            if let fill = AutoFill(pool, in: view) { found.append(fill) }
            return true
        }
        return found
    }

    /// What has to be done for the pool now; nil if nothing has.
    ///
    /// Another pool that is filled keeps the free machines that it is to have, and gets no more than it may have: so nothing is
    /// moved to and fro.
    func order(in view: Snapshot) throws(TrackerError) -> PoolOrder? {
        let own = PoolCensus(pool, in: view)
        if own.coming < least {
            let spare = PoolCensus(acquirePool, in: view).free - Self.bounds(of: acquirePool, in: view).least
            return try move(min(least - own.coming, spare), from: acquirePool, to: pool, params, in: view)
        }
        guard most > 0, own.free > most else { return nil }
        let other = Self.bounds(of: returnPool, in: view).most
        let room = other > 0 ? other - PoolCensus(returnPool, in: view).coming : Int.max
        return try move(min(own.free - most, room), from: pool, to: returnPool, [:], in: view)
    }

    private func move(
        _ count: Int, from source: String, to destination: String, _ params: JSONObject, in view: Snapshot
    ) throws(TrackerError) -> PoolOrder? {
        guard count > 0, !source.hasSameUTF8(as: destination) else { return nil }
        var body: JSONObject = ["pool/minimum": 1]
        if !params.isEmpty {
            let own = PoolActions(.join, of: destination, in: view).addedParams
            body["pool/add-parameters"] = .object(own.merging(params) { $1 })
        }
        return try PoolOrder(
            .add, pool: destination, source: source, selection: .count(min(count, Self.portion)), body: body, in: view)
    }

    /// How many free machines a pool is to have at the least and at the most; zeros if it is not to be filled.
    private static func bounds(of pool: String, in view: Snapshot) -> (least: Int, most: Int) {
        guard let stored = view.object("pools", pool), let fill = AutoFill(stored, in: view) else { return (0, 0) }
        return (fill.least, fill.most)
    }
}

/// How many machines of a pool are free, and are about to be.
private struct PoolCensus {
    private(set) var free = 0
    /// Those that are free or on their way to it. Machines that are held on it count: who fills a pool whose workflow fails would
    /// fill it for ever.
    private(set) var coming = 0

    init(_ pool: String, in view: Snapshot) {
        for key in view.keys("machines", where: .field("Pool"), is: pool) {
            guard let machine = view[ObjectID("machines", key)] else { continue }
            switch PoolStatus(named: machine.text("PoolStatus")) {
            case .free where !machine.flag("PoolAllocated") && !machine.flag("Locked"):
                free += 1
                coming += 1
            case .joining, .holdJoin, .destroying, .holdDestroy: coming += 1
            default: break
            }
        }
        coming += view.keys(PoolTransfer.typeName, where: .field("Pool"), is: pool).count
    }
}
