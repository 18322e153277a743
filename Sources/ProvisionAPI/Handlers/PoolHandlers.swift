import Access
import Basics
import HTTPServing
import HTTPTypes
import JSON
import Provisioning
import ServiceLifecycle
import Synchronization
import Tracker

/// Pools beside their objects: which there are, which machines are in them, and what is done to those (C §19).
enum PoolHandlers {
    static var routes: [Route] {
        [
            Route(.get, "/pools-active", .list(scope: "pools"), active),
            Route(.get, "/pools/{key}/status", .claim(scope: "pools", action: "get"), status),
            Route(
                .post, "/machines/{key}/releaseToPool", .update("machines", member: "PoolStatus"), body: .optionalJSON,
                releaseToPool),
        ]
            + PoolOperation.allCases.map { operation in
                Route(
                    .post, "/pools/{key}/\(operation.rawValue)", .claim(scope: "pools", action: "update"),
                    body: .optionalJSON
                ) { call in
                    try await change(operation, call)
                }
            }
    }

    // MARK: Reading

    /// The pools that have machines, as far as the caller may know of both.
    private static func active(_ call: RequestContext) async -> Answer {
        guard call.mayList else { return .list([], isHead: call.isHead) }
        let (machines, pools) = (call.readAuthorization()["machines"], call.readAuthorization()["pools"])
        let names = await CooperativePool.run {
            call.snapshot.values(of: .field("Pool"), of: "machines") { machines.sees($0) }
        }
        let seen = names.filter { !$0.isEmpty && pools.sees($0, claimed: $0.string) }
        return .list(seen.map { .string($0.string) }, isHead: call.isHead)
    }

    private static func status(_ call: RequestContext) async throws -> Answer {
        let pool = call["key"]
        try checkTenant(pool, call)
        let machines = call.readAuthorization()["machines"]
        return await CooperativePool.run {
            .json(.object(PoolMember.status(of: pool, in: call.snapshot) { machines.sees($0) }))
        }
    }

    /// Refuses a pool that the caller's tenant does not list, whether or not there is an object for it.
    private static func checkTenant(_ pool: String, _ call: RequestContext) throws(TrackerError) {
        guard call.readAuthorization()["pools"].isListed(pool) else { throw .notFound("pools", pool) }
    }

    // MARK: Operations

    private static func change(_ operation: PoolOperation, _ call: RequestContext) async throws -> Answer {
        let pool = call["key"]
        try checkTenant(pool, call)
        let order = try PoolOrder(
            operation, pool: pool, source: call.query["source-pool"], body: body(call), in: call.snapshot)
        if !order.source.hasSameUTF8(as: pool) { try checkSource(order.source, call) }
        return try await carryOut(order, call)
    }

    /// Taking machines out of another pool takes the same right to that one.
    private static func checkSource(_ source: String, _ call: RequestContext) throws {
        try checkTenant(source, call)
        let claim = Claim("pools", "update", source)
        guard let principal = call.principal, !principal.isSuperuser,
            Authorization.decide(principal, claims: [claim]) != .allowed
        else { return }
        throw AccessError.denied(call.path.target, requires: [claim])
    }

    private static func releaseToPool(_ call: RequestContext) async throws -> Answer {
        let machine = try call.object("machines")
        guard call.readAuthorization()["machines"].sees(machine) else {
            throw TrackerError.notFound("machines", call["key"]).hidden
        }
        let pool = machine.document.member("Pool")?.string ?? ""
        let order = try PoolOrder(
            .release, pool: pool, selection: .list([machine.key.string]), body: body(call), in: call.snapshot)
        return try await carryOut(order, call)
    }

    private static func body(_ call: RequestContext) throws -> JSONObject {
        call.json == .null ? [:] : try call.bodyObject("pools")
    }

    private static func carryOut(_ order: PoolOrder, _ call: RequestContext) async throws -> Answer {
        let reading = call.testedReading
        let taken = Mutex<(keys: [ByteString], view: Snapshot)?>(nil)
        let answer = try await call.write(scoped(order, call)) { draft throws(TrackerError) in
            try draft.changePool(order) { machine, name in
                let value = machine.document.member(at: ["Params", name])?.value()
                return value.map { reading?(name, $0, ObjectID("machines", machine.key)) ?? $0 }
            }
        } answer: { committed in
            taken.withLock { $0 = (committed.value, committed.snapshot) }
            return WriteAnswer(PoolMember.values(committed.value, in: committed.snapshot))
        }
        guard order.wait > .zero, let (keys, view) = taken.withLock({ $0 }) else { return answer }
        let last = try await call.whileClientStays {
            await end(of: keys, after: view, within: order.wait, call.tracker)
        }
        // Whoever waited may have lost rights meanwhile.
        let later = try await call.renewed(in: last)
        let seen = later.readAuthorization()["machines"]
        let shown = keys.filter { last[ObjectID("machines", $0)].map { seen.sees($0) } ?? false }
        return .json(PoolMember.values(shown, in: last))
    }

    /// The request with what it writes: as much as there are machines to look through.
    private static func scoped(_ order: PoolOrder, _ call: RequestContext) throws -> TrackerRequest {
        let count: Int
        if case .list(let names) = order.selection {
            count = names.count
        } else if let type = call.tracker.catalog["machines"] {
            let query = try ListQuery(arguments: [("Pool", "Eq(\(order.source))")], type: type)
            count = try call.snapshot.counts("machines", query).filteredCount
        } else {
            count = 0
        }
        return call.trackerRequest.writing(WriteScope(PoolOrder.writtenTypes, count: count))
    }

    /// The first state in which no transition of these machines is on its way, or the newest when the time is over or the server
    /// stops. Nothing is looked at but when it changes.
    private static func end(
        of machines: [ByteString], after view: Snapshot, within time: Duration, _ tracker: DataTracker
    ) async -> Snapshot {
        await withTaskGroup(of: Snapshot?.self) { group in
            group.addTask {
                try? await cancelWhenGracefulShutdown { try await tracker.environment.sleep(for: time) }
                return nil
            }
            group.addTask {
                var view = view
                for machine in machines {
                    while PoolMember.isRunning(machine, in: view) {
                        let interest = ChangeInterest.object(ObjectID("machines", machine))
                        guard let next = try? await tracker.snapshot(after: view.revision, for: interest) else {
                            return nil
                        }
                        view = next
                    }
                }
                return view
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first ?? tracker.snapshot
        }
    }
}
