import Basics
public import JSON
public import Tracker

/// What clients are told of machines in pools (C §5.4, §19).
public enum PoolMember {
    /// A machine as `PoolResult`.
    public static func value(of machine: StoredObject) -> JSONValue {
        [
            "Name": .string(machine.text("Name")), "Uuid": .string(machine.key.string),
            "Allocated": .bool(machine.flag("PoolAllocated")), "Status": .string(machine.text("PoolStatus")),
        ]
    }

    /// The machines of those keys that are still there.
    public static func values(_ keys: [ByteString], in view: Snapshot) -> JSONValue {
        .array(keys.compactMap { view[ObjectID("machines", $0)].map(value) })
    }

    /// The machines of a pool by their status.
    ///
    /// - Parameter isSeen: whether the asker may know of a machine.
    public static func status(of pool: String, in view: Snapshot, isSeen: (StoredObject) -> Bool) -> JSONObject {
        var lists: [Identifier: [JSONValue]] = [:]
        for key in view.keys("machines", where: .field("Pool"), is: pool) {
            guard let machine = view[ObjectID("machines", key)], isSeen(machine) else { continue }
            lists[Identifier(machine.text("PoolStatus")), default: []].append(value(of: machine))
        }
        return JSONObject(lists.map { ($0.text, .array($1)) })
    }

    /// Whether the transition of a machine is still on its way: its workflow runs, and no task of it has failed.
    public static func isRunning(_ machine: ByteString, in view: Snapshot) -> Bool {
        view[ObjectID("machines", machine)].flatMap { PoolStatus(named: $0.text("PoolStatus")) }?.isRunning ?? false
    }
}
