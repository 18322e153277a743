import Basics
public import JSON
public import Tracker

/// Pool operations: all of one request in one commit (C §19).
extension Draft {
    /// Does what an order says to the machines that it means.
    ///
    /// - Parameter parameter: gives a machine's value of a param, for filters; nil to take its own.
    /// - Returns: the keys of the machines that were taken.
    /// - Throws: `conflict` when fewer than the minimum can be taken; `invalid` of machines that do not exist, and of what a
    ///   workflow, profile or param is refused with; `denied` when the caller may not do to a machine what the order does;
    ///   `badQuery` of filters; `overBudget` of an order for too many machines.
    public mutating func changePool(
        _ order: PoolOrder, parameter: ((StoredObject, String) -> JSONValue?)? = nil
    ) throws(TrackerError) -> [ByteString] {
        var selection = try PoolSelection(order, in: self, parameter: parameter)
        var taken: [ByteString] = []
        var refusal: TrackerError?
        let bytes = order.bytes + bytes(of: order)
        var meter = WorkMeter(PoolOrder.budget)
        while taken.count < selection.most, let machine = selection.next() {
            guard taken.count < PoolOrder.mostMachines else {
                throw WorkBudget(
                    PoolOrder.mostMachines, "machines of a pool at once", remedy: "ask for fewer by pool/count"
                ).exceeded("pools", key: order.pool)
            }
            do throws(TrackerError) {
                try authorize(order, on: machine)
            } catch {
                // Of a number of machines, those are taken that the caller may change.
                if selection.isNamed { throw error }
                refusal = refusal ?? error
                continue
            }
            let pages = (machine.document.bytes.count + bytes) / PoolOrder.page + 1
            try meter.spend(pages, on: "pools", key: order.pool)
            try take(machine, for: order)
            taken.append(machine.key)
        }
        guard taken.count < selection.minimum else { return taken }
        throw refusal ?? selection.shortage(taken.count)
    }

    /// The bytes of what pools say about what is done to each machine.
    private func bytes(of order: PoolOrder) -> Int {
        [order.pool, order.source, view.parentPool(of: order.pool)].reduce(0) { sum, pool in
            sum + (view.object("pools", pool)?.document.bytes.count ?? 0)
        }
    }

    /// Asks whether the caller may change the machine as the order does, all of its transitions taken together.
    private func authorize(_ order: PoolOrder, on machine: StoredObject) throws(TrackerError) {
        guard let authorization = request.authorization else { return }
        let (actions, transfer) = plan(order, of: machine)
        var wanted = machine.object
        actions.set(on: &wanted)
        if let transfer {
            transfer.actions.set(on: &wanted)
            wanted["Pool"] = .string(transfer.pool)
        }
        wanted["PoolAllocated"] = .bool(order.operation == .allocate)
        wanted["PoolStatus"] = .string(order.operation.transition.running.rawValue)
        let write = ClientWrite(
            .patch(JSONPatch(operations: [])), try type("machines"), at: "", over: machine, previous: machine.object,
            after: wanted)
        try authorization.authorize(write, in: view)
    }

    private mutating func take(_ machine: StoredObject, for order: PoolOrder) throws(TrackerError) {
        let (actions, transfer) = plan(order, of: machine)
        var move = PoolMove(machine.object, in: view)
        try move.begin(order.operation.transition, actions, to: transfer)
        let members = move.machine
        let isLeaving = PoolStatus(named: members.text("PoolStatus")) == .leaving
        try setPoolTransfer(isLeaving ? transfer : nil, of: machine.key)
        try updateAsServer("machines", at: machine.key.string) { object in object = members }
        if isLeaving { try tryArrival(move, of: machine.key) }
    }

    /// Refuses what could not be done to a machine once it has left its pool: whoever asks is to hear of it, not find it held.
    private func tryArrival(_ move: PoolMove, of machine: ByteString) throws(TrackerError) {
        var (attempt, move) = (self, move)
        try move.end(.leave)
        let members = move.machine
        try attempt.updateAsServer("machines", at: machine.string) { object in object = members }
    }

    /// What is done to a machine now, and once it has left its pool.
    private func plan(_ order: PoolOrder, of machine: StoredObject) -> (PoolActions, PoolTransfer?) {
        let pool = machine.text("Pool")
        let own = PoolActions(order.operation.transition, of: pool, in: view)
        switch order.operation {
        case .allocate, .release: return (own.overlaid(by: order.overlay), nil)
        case .add:
            let actions = PoolActions(.join, of: order.pool, in: view).overlaid(by: order.overlay)
            return (own, PoolTransfer(pool: order.pool, actions: actions))
        case .remove:
            let parent = view.parentPool(of: pool)
            let actions = PoolActions(.join, of: parent, in: view)
            return (own.overlaid(by: order.overlay), PoolTransfer(pool: parent, actions: actions))
        }
    }
}
