import Basics
import JSON
import Provisioning
import Tracker

/// Writes leases: what it answers is durable.
struct LeaseWriter: Sendable {
    let tracker: DataTracker

    /// What a lease is to be.
    struct Wish: Sendable {
        let address: IPAddress
        let token: String
        let strategy: String
        let state: LeaseRecord.State
        /// In seconds from now.
        let duration: UInt32
        /// The relay or interface by which the client came.
        let via: IPAddress
        let nextServer: IPAddress
        /// What the client sent, and what it is sent.
        var options = JSONValue.array([])
        var providedOptions = JSONValue.array([])
    }

    /// Writes a lease, unless the address is held by another client.
    ///
    /// - Parameter done: told whether the client has the address now, and that durably; or why nothing can be written. It
    ///   is told on the writer's thread, so it must be quick.
    func write(_ wish: Wish, then done: @escaping @Sendable (Result<Bool, TrackerError>) -> Void) {
        let now = tracker.environment.now()
        let key = HexAddress.text(wish.address.description)
        let request = TrackerRequest(id: "dhcp", principal: "dhcp", scope: WriteScope(["leases"]))
        tracker.commit(request) { draft throws(TrackerError) in
            guard let held = draft.view.lease(of: wish.address) else {
                try draft.createAsServer("leases", Self.fields(of: wish, at: now))
                return true
            }
            if held.isHeld(at: now), !held.belongs(to: wish.token, wish.strategy) { return false }
            try draft.updateAsServer("leases", at: key) { object in object.merge(Self.fields(of: wish, at: now)) { $1 }
            }
            return true
        } keeping: { committed in
            committed.value
        } then: { result in
            done(result)
        }
    }

    /// Ends a lease that a client gives back or refuses.
    ///
    /// - Parameters:
    ///   - isInUse: whether somebody else uses the address, so that nobody gets it for ten minutes.
    ///   - done: told once that is durable.
    func end(
        _ address: IPAddress, of token: String, _ strategy: String, isInUse: Bool,
        then done: @escaping @Sendable (Result<Bool, TrackerError>) -> Void
    ) {
        let now = tracker.environment.now()
        let key = HexAddress.text(address.description)
        let request = TrackerRequest(id: "dhcp", principal: "dhcp", scope: WriteScope(["leases"]))
        tracker.commit(request) { draft throws(TrackerError) in
            guard let held = draft.view.lease(of: address), held.belongs(to: token, strategy) else { return false }
            try draft.updateAsServer("leases", at: key) { object in
                object["State"] = .string((isInUse ? LeaseRecord.State.invalid : .expired).rawValue)
                object["ExpireTime"] = .string((isInUse ? now + Self.quarantine : now).description)
                if isInUse { (object["Token"], object["Strategy"]) = ("", "") }
            }
            return true
        } keeping: { committed in
            committed.value
        } then: { result in
            done(result)
        }
    }

    /// Notes that somebody answers at an address that has no lease.
    func quarantine(_ address: IPAddress, then done: @escaping @Sendable (Result<Bool, TrackerError>) -> Void) {
        let wish = Wish(
            address: address, token: "", strategy: "", state: .invalid,
            duration: UInt32(Self.quarantine.components.seconds), via: .none, nextServer: .none)
        write(wish, then: done)
    }

    /// How long nobody gets an address that is in use by somebody unknown (C §17.2).
    private static let quarantine = Duration.seconds(600)

    private static func fields(of wish: Wish, at now: Timestamp) -> JSONObject {
        [
            "Addr": .string(wish.address.description), "Token": .string(wish.token), "Strategy": .string(wish.strategy),
            "State": .string(wish.state.rawValue), "Duration": JSONValue(Int(wish.duration)),
            "ExpireTime": .string((now + .seconds(Int64(wish.duration))).description),
            "Via": .string(wish.via.description),
            "NextServer": .string(wish.nextServer.description), "Options": wish.options,
            "ProvidedOptions": wish.providedOptions,
        ]
    }
}

extension DHCPOptions {
    /// The options as leases have them.
    var json: JSONValue {
        .array(
            all.map { code, value in
                ["Code": JSONValue(Int(code.rawValue)), "Value": .string(OptionText.decode(value, of: code.rawValue))]
            })
    }
}
