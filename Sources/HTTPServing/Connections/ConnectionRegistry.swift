import Basics
import JSON
public import Logging
package import NIOCore
import Synchronization

/// The open connections of all ports: how many each client address has, and the way to end them all.
public final class ConnectionRegistry: Sendable {
    /// What connections may cost.
    public struct Limits: Sendable {
        /// How many connections one address may have. Loopback addresses may have any number.
        public var perAddress = Int.max
        /// Whether an IP address may have any number too.
        public var isExempt: @Sendable (_ address: String) -> Bool = { _ in false }
        /// How long a client may take none of what is sent to it.
        public var writeTimeout = Duration.seconds(30)
        /// The usual limits: as many connections as there may be.
        public init() {}
    }

    private struct State: Sendable {
        var guards: [ObjectIdentifier: NIOLoopBound<ConnectionGuard>] = [:]
        var counts: [IPAddress: Int] = [:]
    }

    let limits: Limits
    private let metrics: ServerMetrics
    private let logger: Logger
    private let state = Mutex(State())
    private let (cutLog, refusalLog, headLog, fullLog) = (LogThrottle(), LogThrottle(), LogThrottle(), LogThrottle())

    /// A registry without connections.
    ///
    /// - Parameters:
    ///   - metrics: counts what is refused and cut.
    ///   - logger: told of that, once a second at most.
    public init(
        _ limits: Limits = Limits(), metrics: ServerMetrics = ServerMetrics(),
        logger: Logger = Logger(label: "muster.connections")
    ) {
        (self.limits, self.metrics, self.logger) = (limits, metrics, logger)
    }

    /// How many connections are open.
    public var count: Int { state.withLock { $0.guards.count } }

    /// Takes a new connection up, and sets a guard at its socket.
    ///
    /// Called on the connection's event loop before any other handler is added.
    ///
    /// - Returns: whether the client's address may have one more; if not, the caller closes the connection.
    package func admit(_ channel: any Channel) throws -> Bool {
        let address = counted(channel.remoteAddress)
        let watch = ConnectionGuard(self)
        try channel.pipeline.syncOperations.addHandler(watch)
        let (id, bound) = (ObjectIdentifier(channel), NIOLoopBound(watch, eventLoop: channel.eventLoop))
        let isAdmitted = state.withLock { state in
            if let address {
                guard state.counts[address, default: 0] < limits.perAddress else { return false }
                state.counts[address, default: 0] += 1
            }
            state.guards[id] = bound
            return true
        }
        guard isAdmitted else {
            noteRefusal(channel)
            return false
        }
        channel.closeFuture.whenComplete { _ in self.remove(id, address) }
        return true
    }

    /// Ends all connections at once, whatever their clients still have to read or to send.
    public func closeAll() {
        for bound in state.withLock({ Array($0.guards.values) }) {
            bound.execute { watch in
                self.metrics.count(.shutdown)
                watch.cut()
            }
        }
    }

    private func remove(_ id: ObjectIdentifier, _ address: IPAddress?) {
        state.withLock { state in
            state.guards[id] = nil
            guard let address, let count = state.counts[address] else { return }
            state.counts[address] = count > 1 ? count - 1 : nil
        }
    }

    /// The address that a connection counts for, with all others of one client; nil if it may have any number.
    private func counted(_ address: SocketAddress?) -> IPAddress? {
        // A zone says by which of our interfaces a client comes, not who it is.
        guard let text = address?.ipAddress, let client = IPAddress(String(text.parts(between: "%")[0])),
            !client.isLoopback, !limits.isExempt(text)
        else { return nil }
        return client.clientPart
    }
}

extension NIOLoopBound {
    /// Runs `body` with the value on its event loop.
    fileprivate func execute(_ body: @escaping @Sendable (Value) -> Void) {
        eventLoop.execute { body(self.value) }
    }
}

/// What is counted, and told of once a second at most.
extension ConnectionRegistry {
    /// A client did not read what was sent to it.
    func noteUnread(_ channel: any Channel) {
        metrics.count(.unread)
        cutLog.note { count in
            log("connections are cut off: their clients do not read", count, channel)
        }
    }

    /// A head could not be parsed.
    package func noteRefusedHead(_ channel: any Channel, status: Int, _ reason: String) {
        metrics.count(.headRefused(status))
        headLog.note { count in
            log(
                "requests that cannot be parsed are refused", count, channel,
                ["status": "\(status)", "cause": "\(reason)"])
        }
    }

    /// All connections of a port are taken.
    func noteFull(_ port: String, _ limit: Int) {
        metrics.count(.acceptPaused)
        fullLog.note { count in
            logger.warning(
                "a port has all the connections that the descriptor limit allows: new ones wait until others end",
                metadata: ["port": "\(port)", "connections": "\(limit)", "count": "\(count)"])
        }
    }

    private func noteRefusal(_ channel: any Channel) {
        metrics.count(.addressFull)
        refusalLog.note { count in
            log(
                "connections are refused: their address has as many as --max-connections-per-address allows", count,
                channel, ["limit": "\(limits.perAddress)"])
        }
    }

    private func log(
        _ message: Logger.Message, _ count: Int, _ channel: any Channel, _ metadata: Logger.Metadata = [:]
    ) {
        var metadata = metadata
        metadata["count"] = "\(count)"
        if let address = channel.remoteAddress?.ipAddress { metadata["address"] = "\(address)" }
        logger.info(message, metadata: metadata)
    }
}
