import JSON
import Tracker

/// Where a machine goes once it has left its pool, and what is done to it there: kept until then, so that whatever happens
/// meanwhile, a restart too, changes nothing about it. Clients are not told of these objects: their machines say all there is.
struct PoolTransfer: Sendable {
    /// The pool that is entered.
    let pool: String
    /// What is done then, as it was at the time of the request: the rights to all of it were looked at.
    let actions: PoolActions

    /// The type's name in the store.
    static let typeName: TypeName = "pool_transfers"

    /// The type that keeps them.
    static let type = ObjectType(
        typeName,
        ObjectSchema(
            "PoolTransfer", [Field("Machine", .uuid), Field("Pool", .string), Field("Actions", .map(.any))]),
        key: .uuid("Machine"), lookups: [IndexDeclaration("Pool", .string)], traits: [.internalOnly, .secret],
        conventions: Conventions())
}

extension Snapshot {
    /// Where a machine goes that leaves its pool; nil if nothing was said about it.
    func poolTransfer(of machine: ByteString) -> PoolTransfer? {
        guard let stored = self[ObjectID(PoolTransfer.typeName, machine)]?.object else { return nil }
        return PoolTransfer(pool: stored.text("Pool"), actions: PoolActions(stored.members("Actions")))
    }

    /// The pool that machines come from and go to if nobody says anything else: the root is its own parent.
    func parentPool(of pool: String) -> String {
        let parent = object("pools", pool)?.text("ParentPool") ?? ""
        return parent.isEmpty ? PoolName.root : parent
    }
}

extension Draft {
    /// Notes where a machine goes that leaves its pool, or that it goes nowhere any more.
    mutating func setPoolTransfer(_ transfer: PoolTransfer?, of machine: ByteString) throws(TrackerError) {
        let key = machine.string
        guard let transfer else {
            if view[ObjectID(PoolTransfer.typeName, machine)] != nil {
                try removeAsServer(PoolTransfer.typeName, at: key)
            }
            return
        }
        let fields: JSONObject = [
            "Machine": .string(key), "Pool": .string(transfer.pool), "Actions": .object(transfer.actions.record),
        ]
        if view[ObjectID(PoolTransfer.typeName, machine)] == nil {
            try createAsServer(PoolTransfer.typeName, fields)
        } else {
            try updateAsServer(PoolTransfer.typeName, at: key) { $0 = fields }
        }
    }
}

/// The names of pools, which are there as soon as a machine is in them (C §19).
public enum PoolName {
    /// The pool that machines are in from the start, and the parent of all that have no other.
    public static let root = "default"

    /// What is wrong with a name; nil if nothing is.
    static func problem(_ name: String) -> String? {
        NameRule.name.allows(name) ? nil : "Invalid Pool `\(name)`"
    }
}
