import Basics
import Logging
import Provisioning
import Synchronization
import Tracker

/// Answers the messages of DHCP clients (RFC 2131 §4.3, C §17.2).
final class DHCPResponder: Sendable {
    /// Sends an answer to whoever asked.
    typealias Send = @Sendable (_ answer: DHCPMessage, _ query: DHCPQuery) -> Void

    let tracker: DataTracker
    let composer: AnswerComposer
    let writer: LeaseWriter
    let picker = AddressPicker()
    let subnets = ServedSubnets()
    let prober: (any AddressProber)?
    let logger: Logger
    let send: Send
    /// Clients that an offer is being made to.
    private let asking = Mutex<Set<Identifier>>([])

    /// How long an offered address is kept, in seconds.
    static let offerTime: UInt32 = 120
    /// How many clients may be made an offer to at once; beyond that a client has to ask again.
    private static let mostAsking = 4_096

    /// A responder.
    ///
    /// - Parameters:
    ///   - prober: finds out whether an address is in use; nil to believe that it is not.
    ///   - send: sends answers; it is called on any thread.
    init(
        _ tracker: DataTracker, _ boot: BootChoice, prober: (any AddressProber)?, logger: Logger, send: @escaping Send
    ) {
        (self.tracker, self.prober, self.logger, self.send) = (tracker, prober, logger, send)
        composer = AnswerComposer(boot: boot, logger: logger)
        writer = LeaseWriter(tracker: tracker)
    }

    /// Answers a message, now or when what it takes is durable.
    func take(_ query: DHCPQuery) {
        guard !query.message.isReply, !query.token.isEmpty, let kind = query.message.kind else { return }
        let view = tracker.snapshot
        guard let subnet = query.subnet(subnets, in: view) else {
            return logger.debug("a client is in no subnet", metadata: ["client": "\(query.token)"])
        }
        logger.debug(
            "a client asks", metadata: ["client": "\(query.token)", "kind": "\(kind)", "subnet": "\(subnet.name)"])
        guard !subnet.isProxy else { return takeAsProxy(query, subnet, kind, view) }
        switch kind {
        case .discover: discover(query, subnet, view)
        case .request: request(query, subnet, view)
        case .decline, .release: end(query, subnet, isInUse: kind == .decline)
        case .inform: inform(query, subnet, view)
        case .offer, .ack, .nak: break
        }
    }

    // MARK: What clients ask

    private func discover(_ query: DHCPQuery, _ subnet: ServedSubnet, _ view: Snapshot) {
        let token = query.token
        let isNew = asking.withLock { $0.count < Self.mostAsking && $0.insert(Identifier(token)).inserted }
        guard isNew else { return }
        let end: @Sendable () -> Void = { [self] in _ = asking.withLock { $0.remove(Identifier(token)) } }
        if let reservation = view.reservation(for: token, in: subnet) {
            return offer(reservation.address, reservation, query, subnet, then: end)
        }
        guard subnet.isEnabled, !subnet.onlyReservations else { return end() }
        let now = tracker.environment.now()
        let own = view.leases(of: token, subnet.strategy, in: subnet.block).first { lease in
            !view.isReserved(lease.address) && (subnet.range?.contains(lease.address.v4Number ?? 0) ?? false)
                && !(lease.state == .probe)
        }
        if let own { return offer(own.address, nil, query, subnet, then: end) }
        let found = picker.take(in: subnet, for: token, hint: query.requested, view, at: now)
        guard let found else {
            logger.notice(
                "no address is left for a client", metadata: ["subnet": "\(subnet.name)", "client": "\(token)"])
            return end()
        }
        let finish: @Sendable () -> Void = { [picker] in
            picker.giveBack(found)
            end()
        }
        guard prober != nil else { return offer(found, nil, query, subnet, then: finish) }
        Task { [self] in
            if let free = await firstSilent(found, query, subnet) {
                offer(free, nil, query, subnet) { [picker] in
                    picker.giveBack(free)
                    end()
                }
            } else {
                end()
            }
        }
    }

    private func request(_ query: DHCPQuery, _ subnet: ServedSubnet, _ view: Snapshot) {
        let own = query.arrival.address(near: subnet.block)
        if let chosen = query.chosenServer, chosen != own, !query.arrival.addresses.contains(chosen) {
            // The client takes another server's offer: ours is free again.
            guard
                let offered = view.leases(of: query.token, subnet.strategy, in: subnet.block).first(where: {
                    $0.state == .offer
                })
            else { return }
            return writer.end(offered.address, of: query.token, subnet.strategy, isInUse: false) { _ in }
        }
        let isHeld = !query.message.clientAddress.isNone
        guard let address = isHeld ? query.message.clientAddress : query.requested, let own else { return }
        let reservation = view.reservation(for: query.token, in: subnet)
        if let reservation, reservation.address != address {
            return refuse(query, own, "\(address) is not the address that is reserved for this client")
        }
        guard subnet.block.contains(address) else { return refuse(query, own, "\(address) is not in this network") }
        if reservation == nil {
            let lease = view.lease(of: address)
            guard subnet.isEnabled, !subnet.onlyReservations else {
                return refuse(query, own, "this network gives no leases")
            }
            guard let lease, lease.belongs(to: query.token, subnet.strategy), !view.isReserved(address) else {
                return refuse(query, own, "\(address) is not leased to this client")
            }
        }
        acknowledge(address, reservation, query, subnet, own)
    }

    private func end(_ query: DHCPQuery, _ subnet: ServedSubnet, isInUse: Bool) {
        let given = isInUse ? query.requested : query.message.clientAddress
        guard let given, !given.isNone else { return }
        if isInUse {
            logger.warning(
                "a client says that its address is in use",
                metadata: ["client": "\(query.token)", "address": "\(given)"])
        }
        writer.end(given, of: query.token, subnet.strategy, isInUse: isInUse) { [logger] result in
            if case .failure(let error) = result {
                logger.error("a lease cannot be ended", metadata: ["cause": "\(error)"])
            }
        }
    }

    private func inform(_ query: DHCPQuery, _ subnet: ServedSubnet, _ view: Snapshot) {
        let reservation = view.reservation(for: query.token, in: subnet)
        let subject = AnswerComposer.Subject(query: query, subnet: subnet, reservation: reservation)
        if let answer = composer.answer(.ack, subject, in: view) { send(answer, query) }
    }

    // MARK: What they are given

    private func offer(
        _ address: IPAddress, _ reservation: ReservationRecord?, _ query: DHCPQuery, _ subnet: ServedSubnet,
        then end: @escaping @Sendable () -> Void
    ) {
        let view = tracker.snapshot
        let time = Self.leaseTime(reservation, subnet)
        var subject = AnswerComposer.Subject(query: query, subnet: subnet, reservation: reservation, address: address)
        subject.leaseTime = time
        let held = view.lease(of: address)
        subject.skipsBoot = held?.skipsBoot ?? false
        guard let answer = composer.answer(.offer, subject, in: view) else { return end() }
        // Who has the address already, and asks again, keeps it for as long as it was his.
        let now = tracker.environment.now()
        if let held, held.state == .ack, held.isHeld(at: now), held.belongs(to: query.token, subnet.strategy) {
            end()
            return send(answer, query)
        }
        let wish = wish(address, .offer, Self.offerTime, answer, query, subnet)
        writer.write(wish) { [self] result in
            end()
            finish(result, answer, query, refusal: nil)
        }
    }

    private func acknowledge(
        _ address: IPAddress, _ reservation: ReservationRecord?, _ query: DHCPQuery, _ subnet: ServedSubnet,
        _ own: IPAddress
    ) {
        let view = tracker.snapshot
        let time = Self.leaseTime(reservation, subnet)
        var subject = AnswerComposer.Subject(query: query, subnet: subnet, reservation: reservation, address: address)
        subject.leaseTime = time
        subject.skipsBoot = view.lease(of: address)?.skipsBoot ?? false
        guard let answer = composer.answer(.ack, subject, in: view) else { return }
        let refusal = composer.refusal(query, own, "\(address) is leased to another client")
        writer.write(wish(address, .ack, time, answer, query, subnet)) { [self] result in
            finish(result, answer, query, refusal: refusal)
        }
    }

    private func finish(
        _ result: Result<Bool, TrackerError>, _ answer: DHCPMessage, _ query: DHCPQuery, refusal: DHCPMessage?
    ) {
        switch result {
        case .success(true): send(answer, query)
        case .success(false): if let refusal { send(refusal, query) }
        case .failure(let error):
            // Without an answer the client asks again.
            logger.error("a lease cannot be written", metadata: ["client": "\(query.token)", "cause": "\(error)"])
        }
    }

    private func refuse(_ query: DHCPQuery, _ own: IPAddress, _ reason: String) {
        logger.notice("a client is refused its address", metadata: ["client": "\(query.token)", "reason": "\(reason)"])
        send(composer.refusal(query, own, reason), query)
    }

    private func wish(
        _ address: IPAddress, _ state: LeaseRecord.State, _ duration: UInt32, _ answer: DHCPMessage,
        _ query: DHCPQuery, _ subnet: ServedSubnet
    ) -> LeaseWriter.Wish {
        let relay = query.message.relayAddress
        return LeaseWriter.Wish(
            address: address, token: query.token, strategy: subnet.strategy, state: state, duration: duration,
            via: relay.isNone ? query.arrival.address(near: subnet.block) ?? .none : relay,
            nextServer: answer.nextServer, options: query.message.options.json, providedOptions: answer.options.json)
    }

    private static func leaseTime(_ reservation: ReservationRecord?, _ subnet: ServedSubnet) -> UInt32 {
        guard let reservation else { return subnet.activeLeaseTime }
        return reservation.duration > 0 ? reservation.duration : subnet.reservedLeaseTime
    }
}
