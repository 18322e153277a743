public import Access
import Basics
public import JSON
public import Tracker

/// One firing of a trigger: a work order for each machine that its blueprint is to run on, in one commit, with the rights that
/// whoever wrote the trigger last has now.
public struct TriggerRun: Sendable {
    /// The most machines of one firing.
    public static let mostMachines = 1_000
    /// How many orders of one trigger may wait or run; more are refused, so that one that fires too often harms nobody.
    static let mostOpenOrders = 10_000

    /// The trigger's name.
    public let trigger: String
    /// What tells this firing from all others; one that comes again makes no further orders.
    public let id: String
    /// What came with it: the event, or what was posted.
    public let data: JSONValue
    /// The machine that it is about, for triggers without a filter; nil if it is about none.
    public let machine: String?

    /// A firing.
    public init(_ trigger: String, id: String, data: JSONValue = .null, machine: String? = nil) {
        (self.trigger, self.id, self.data, self.machine) = (trigger, id, data, machine)
    }

    /// Makes the orders.
    ///
    /// - Parameters:
    ///   - authenticator: knows what users may do.
    ///   - before: what is written with the orders.
    /// - Returns: how many are made.
    /// - Throws: `notFound` of a trigger that is not there or not enabled; `denied` where its writer lacks the rights;
    ///   `overBudget` where too many of its orders wait.
    @discardableResult
    public func fire(
        on tracker: DataTracker, _ authenticator: Authenticator,
        with before: @escaping @Sendable (inout Draft) throws(TrackerError) -> Void = { _ throws(TrackerError) in }
    ) async throws(TrackerError) -> Int {
        let view = tracker.snapshot
        guard let stored = view.object("triggers", trigger), stored.flag("Enabled") else {
            throw TrackerError(
                .notFound, "triggers", key: self.trigger, "Trigger \(self.trigger) is not there or not enabled")
        }
        let trigger = stored.object
        // Whatever a pack says of its writer, nobody vouches for it.
        let writer = stored.layer == .writable ? trigger.text("LastModifiedBy") : "a content pack"
        let rights = try rights(of: writer, authenticator, view)
        let machines = try machines(of: trigger, seenBy: rights, in: view)
        let orders = machines.map { order(for: $0, trigger) }
        let request = TrackerRequest(
            id: id, principal: "trigger:\(self.trigger)", reason: "trigger \(self.trigger) fired",
            scope: WriteScope(["work_orders", "machines", "jobs"], count: orders.count), authorization: rights)
        return try await tracker.commit(request) { draft throws(TrackerError) in
            try before(&draft)
            return try make(orders, queues: trigger.flag("QueueMode"), in: &draft)
        }.value
    }

    /// What whoever wrote the trigger may do now; nil for everything.
    private func rights(
        of writer: String, _ authenticator: Authenticator, _ view: Snapshot
    ) throws(TrackerError) -> WriteRights? {
        let target = "triggers/\(trigger)"
        guard let user = writer.after("user:") else {
            let message =
                "\(writer) wrote the trigger last, and is no user: write it as the user whose rights it is to have"
            throw TrackerError(.denied, "triggers", key: trigger, message)
        }
        do throws(AccessError) {
            let principal = try authenticator.principal(certified: String(user), in: view)
            return principal.isSuperuser && principal.tenant == nil ? nil : WriteRights(principal, target: target)
        } catch {
            throw TrackerError(.denied, "triggers", key: trigger, "\(writer) wrote the trigger last, and is gone")
        }
    }

    // MARK: Machines

    /// The query that a filter spells, as the arguments of a list of machines do.
    static func query(_ filter: String, _ type: ObjectType) throws(TrackerError) -> ListQuery {
        let arguments = filter.parts(between: "&").filter { !$0.isEmpty }.map { argument in
            let parts = argument.parts(between: "=", maxSplits: 1).map {
                PercentEncoding.decode($0, plusIsSpace: true)
            }
            return (name: parts[0], value: parts.count == 2 ? parts[1] : "")
        }
        return try ListQuery(arguments: arguments, type: type)
    }

    private func machines(
        of trigger: JSONObject, seenBy rights: WriteRights?, in view: Snapshot
    ) throws(TrackerError) -> [ByteString] {
        let filter = trigger.text("Filter")
        guard !filter.isEmpty, let type = view.catalog["machines"] else {
            guard let machine, let found = view.object("machines", machine) else {
                let message = "Trigger \(self.trigger) has no Filter, and what fired it is about no machine: set one"
                throw TrackerError(.invalid, "triggers", key: self.trigger, message)
            }
            return [found.key]
        }
        let rows = try view.list("machines", try Self.query(filter, type)).objects.filter { machine in
            rights?.sees(ObjectID("machines", machine.key), in: view) ?? true
        }
        let most = trigger.flag("AllInFilter") ? Self.mostMachines : max(1, trigger.int("FilterCount"))
        return rows.prefix(most).map(\.key)
    }

    // MARK: Orders

    private func order(for machine: ByteString, _ trigger: JSONObject) -> JSONObject {
        var params = trigger.members("WorkOrderParams")
        if trigger.flag("MergeDataIntoParams"), case .object(let given) = data {
            params = params.merging(given) { _, new in new }
        }
        let name = trigger.text("StoreDataInParameter")
        if !name.isEmpty { params[name] = data }
        var digest = Digest()
        for part in [self.trigger, id, machine.string] { digest.add(part) }
        return [
            "Uuid": .string(UUIDText.version4(from: Array(digest.bytes.prefix(16)))),
            "Machine": .string(machine.string), "Blueprint": .string(trigger.text("Blueprint")),
            "Trigger": .string(self.trigger), "Event": .string(id), "Params": .object(params),
            "Profiles": trigger["WorkOrderProfiles"] ?? [],
        ]
    }

    private func make(_ orders: [JSONObject], queues: Bool, in draft: inout Draft) throws(TrackerError) -> Int {
        let open = ["created", "running"].flatMap { state in
            draft.view.keys("work_orders", where: .field("State"), is: state).compactMap { key in
                draft.view[ObjectID("work_orders", key)].flatMap {
                    $0.text("Trigger").hasSameUTF8(as: trigger) ? $0 : nil
                }
            }
        }
        guard open.count + orders.count <= Self.mostOpenOrders else {
            let message = "Trigger \(trigger) has \(open.count) work orders that are not done, and gets no more than "
            throw TrackerError(.overBudget, "triggers", key: trigger, message + "\(Self.mostOpenOrders)")
        }
        let busy = Set(open.map { Identifier($0.text("Machine")) })
        var count = 0
        for order in orders where !draft.view.contains("work_orders", order.text("Uuid")) {
            // Without a queue, a machine that is not done with the last order misses this one.
            if !queues, busy.contains(Identifier(order.text("Machine"))) { continue }
            try draft.create("work_orders", order)
            count += 1
        }
        return count
    }
}
