import Basics
import HTTPServing
import HTTPTypes
import JSON
import NetServices
import Provisioning
import Tracker

/// Addresses of subnets that are given by request (C §21): each is kept for who gets it by a reservation, as if it had been
/// written by hand.
enum SubnetHandlers {
    static var routes: [Route] {
        let requirement = AccessRequirement.claim(scope: "subnets", action: "get")
        return [
            Route(.post, "/subnets/{key}/allocate", requirement, body: .optionalJSON, allocate),
            Route(.delete, "/subnets/{key}/release/{address}", requirement) { call in
                try await release(call["address"], call)
            },
        ]
    }

    /// Keeps an address for a token, or for a machine: the one that the body asks for or, without, one that nobody has.
    private static func allocate(_ call: RequestContext) async throws -> Answer {
        var reservation = call.json == .null ? [:] : try call.bodyObject("reservations")
        let subnet = try call.object("subnets")
        let machine = try reservation.take("Machine").map { name in
            try call.object("machines", at: name, in: call.snapshot)
        }
        let parameter = reservation.take("Parameter")
        let token = reservation.take("Token") ?? machine.flatMap { hardwareAddress(of: $0) } ?? ""
        guard !token.isEmpty else {
            let message = "Say Token, or Machine with one that has a hardware address: whom the address is for"
            throw call.badRequest(of: "subnets", key: call["key"], message)
        }
        let (wanted, fields) = (reservation.take("Addr"), reservation)
        let request = call.trackerRequest.writing(WriteScope(["reservations", "machines"]))
        return try await call.write(request) { draft throws(TrackerError) in
            let address = try address(wanted, of: subnet.key, for: token, in: draft)
            var made = fields
            made.merge(["Addr": .string(address), "Token": .string(token), "Scoped": true]) { $1 }
            made["Strategy"] = .string(try allocation(subnet.key, in: draft.view).strategy)
            let stored = try draft.create("reservations", made)
            if let machine, let parameter {
                try draft.setParam("machines", at: machine.key.string, parameter, to: .string(address))
            }
            return stored
        } answer: { committed in
            answer(committed.object("reservations"), .created, call)
        }
    }

    /// Gives an address back.
    private static func release(_ text: String, _ call: RequestContext) async throws -> Answer {
        let subnet = try call.object("subnets").key
        return try await call.write { draft throws(TrackerError) in
            guard let address = IPAddress(text), try allocation(subnet, in: draft.view).block.contains(address) else {
                throw TrackerError(.invalid, "subnets", key: subnet.string, "\(text) is no address of this subnet")
            }
            return try draft.remove("reservations", at: HexAddress.text(text))
        } answer: { committed in
            answer(committed.value, .ok, call)
        }
    }

    private static func answer(
        _ reservation: StoredObject, _ status: HTTPResponse.Status, _ call: RequestContext
    ) -> WriteAnswer {
        guard let type = call.tracker.catalog["reservations"] else { return .noContent }
        return WriteAnswer(type.served(reservation), status: status)
    }

    private static func allocation(_ subnet: ByteString, in view: Snapshot) throws(TrackerError) -> SubnetAllocation {
        guard let object = view[ObjectID("subnets", subnet)] else { throw .notFound("subnets", subnet.string) }
        guard let allocation = SubnetAllocation(object) else {
            throw TrackerError(.invalid, "subnets", key: subnet.string, "Addresses are given in IPv4 subnets only")
        }
        return allocation
    }

    private static func address(
        _ wanted: String?, of subnet: ByteString, for token: String, in draft: Draft
    ) throws(TrackerError) -> String {
        let allocation = try allocation(subnet, in: draft.view)
        if let wanted {
            guard let address = IPAddress(wanted), allocation.block.contains(address) else {
                throw TrackerError(.invalid, "subnets", key: subnet.string, "\(wanted) is no address of this subnet")
            }
            return address.description
        }
        let found = allocation.address(for: token, in: draft.view, at: draft.environment.now())
        guard let found else {
            let message = "No address of this subnet is free: release one, or widen ActiveStart and ActiveEnd"
            throw TrackerError(.conflict, "subnets", key: subnet.string, message)
        }
        return found.description
    }

    private static func hardwareAddress(of machine: StoredObject) -> String? {
        machine.document.member("HardwareAddrs")?.elements.lazy.compactMap(\.string).first
    }
}

extension JSONObject {
    /// Takes a text out, whatever the case of its name; nil if there is none or it is empty.
    fileprivate mutating func take(_ name: String) -> String? {
        guard let key = keys.first(where: { $0.asciiLowercased.hasSameUTF8(as: name.asciiLowercased) }) else {
            return nil
        }
        let text = removeValue(forKey: key)?.stringValue ?? ""
        return text.isEmpty ? nil : text
    }
}
