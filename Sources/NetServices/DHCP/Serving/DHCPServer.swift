public import Basics
public import Logging
public import Provisioning
public import ServiceLifecycle
public import Tracker

/// Serves DHCP for IPv4 and, beside another server's, proxyDHCP (C §17.2).
///
/// Runs as a service: until the surrounding group shuts down, also where its ports cannot be had.
public struct DHCPServer: Service {
    /// How it is to serve.
    public struct Configuration: Sendable {
        /// The port of DHCP; nil not to serve it.
        public var port: Int?
        /// The port on which clients ask what to boot; nil not to serve that.
        public var proxyPort: Int?
        /// The address of the interface whose clients are served; nil for all. It is no address to listen on, since clients
        /// without one of their own are heard by what they send to everybody.
        public var address: IPAddress?
        /// The address that clients are told to load from; nil for the one nearest to each.
        public var fixedAddress: IPAddress?
        /// Whether addresses are given without asking first whether somebody has them.
        public var isTrusting = false
        /// The directory of the files that clients boot.
        public var root: String
        /// The ports that clients are told.
        public var ports: ServerLocation.Ports

        /// A configuration with the usual ports.
        public init(root: String, ports: ServerLocation.Ports) {
            (self.root, self.ports) = (root, ports)
            (port, proxyPort) = (67, 4011)
        }
    }

    private let tracker: DataTracker
    private let configuration: Configuration
    private let states: ServiceStates
    private let logger: Logger

    /// A server.
    ///
    /// - Parameters:
    ///   - tracker: has subnets, reservations and leases.
    ///   - states: is told what has become of it.
    public init(_ tracker: DataTracker, _ configuration: Configuration, _ states: ServiceStates, logger: Logger) {
        (self.tracker, self.configuration, self.states, self.logger) = (tracker, configuration, states, logger)
    }

    /// Serves until the surrounding service group shuts down.
    public func run() async throws {
        let prober = configuration.isTrusting ? nil : PingProber()
        let boot = BootChoice(
            root: configuration.root, ports: configuration.ports, fixedAddress: configuration.fixedAddress)
        var readers: [(socket: DatagramSocket, thread: SystemThread)] = []
        for (port, service) in [(configuration.port, ServiceStates.Service.dhcp), (configuration.proxyPort, .binl)] {
            guard let port else { continue }
            do {
                let socket = try DatagramSocket(port)
                let sender = AnswerSender(socket: socket, logger: logger)
                let responder = DHCPResponder(tracker, boot, prober: prober, logger: logger) { sender.send($0, to: $1) }
                let only = configuration.address
                readers.append((socket, try SystemThread { Self.read(socket, responder, only: only) }))
                states[service] = .serving
                logger.info("serving", metadata: ["service": "\(service.rawValue)", "port": "\(port)"])
            } catch {
                states[service] = .failed("\(error)")
                logger.error(
                    "a service cannot be started", metadata: ["service": "\(service.rawValue)", "cause": "\(error)"])
            }
        }
        try? await gracefulShutdown()
        for reader in readers { reader.socket.stop() }
        for reader in readers { await BlockingPool.shared.run { reader.thread.join() } }
    }

    private static func read(_ socket: DatagramSocket, _ responder: DHCPResponder, only served: IPAddress?) {
        let interfaces = InterfaceList()
        socket.readAll { datagram in
            guard let message = DHCPMessage(datagram.bytes),
                let interface = interfaces.interface(datagram.interface),
                served.map({ interface.addresses.contains($0) }) ?? true
            else { return }
            let arrival = DHCPArrival(
                interface: datagram.interface, interfaceName: interface.name, addresses: interface.addresses,
                source: datagram.source, sourcePort: datagram.sourcePort, port: socket.port)
            responder.take(DHCPQuery(message: message, arrival: arrival))
        }
    }
}
