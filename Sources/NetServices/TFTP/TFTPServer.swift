import Basics
public import Logging
import NIOCore
import NIOPosix
public import Provisioning
public import ServiceLifecycle
import Synchronization
import Tracker

/// Serves the tree that machines boot from over TFTP (RFC 1350), to be read only.
///
/// Runs as a service: until the surrounding group shuts down, also where its port cannot be had.
public struct TFTPServer: Service {
    private let tree: FileTree
    private let place: ServerPlace
    private let host: String
    private let port: Int
    private let states: ServiceStates
    private let logger: Logger

    /// A server.
    ///
    /// - Parameters:
    ///   - host: the address to listen on.
    ///   - port: the UDP port; 0 for any.
    ///   - states: is told what has become of it.
    public init(
        _ tree: FileTree, at place: ServerPlace, host: String, port: Int, _ states: ServiceStates, logger: Logger
    ) {
        (self.tree, self.place, self.host, self.port) = (tree, place, host, port)
        (self.states, self.logger) = (states, logger)
    }

    /// Serves until the surrounding service group shuts down.
    public func run() async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let reception = TFTPReception(tree, place, host: host, group: group, logger: logger)
        do {
            let channel = try await DatagramBootstrap(group: group)
                .channelOption(.receivePacketInfo, value: true)
                .channelOption(.socketOption(.so_reuseaddr), value: 1)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(TFTPListener(reception))
                    }
                }
                .bind(host: host, port: port).get()
            states[.tftp] = .serving
            logger.info("serving", metadata: ["service": "tftp", "port": "\(channel.localAddress?.port ?? port)"])
            try? await gracefulShutdown()
            try? await channel.close()
        } catch {
            let cause =
                "UDP port \(port) cannot be opened: \(error); ports below 1024 need root or CAP_NET_BIND_SERVICE"
            states[.tftp] = .failed(cause)
            logger.error("a service cannot be started", metadata: ["service": "tftp", "cause": "\(cause)"])
            try? await gracefulShutdown()
        }
    }
}

/// Takes requests at the port that all begin at.
private final class TFTPListener: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    typealias OutboundOut = AddressedEnvelope<ByteBuffer>

    private let reception: TFTPReception

    init(_ reception: TFTPReception) { self.reception = reception }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let datagram = unwrapInboundIn(data)
        let local = datagram.metadata?.packetInfo?.destinationAddress ?? context.localAddress
        switch TFTPRequest(datagram.data) {
        case .read(let request): reception.begin(request, of: datagram.remoteAddress, at: local)
        case .write:
            let refusal = TFTPAnswer.error(.accessViolation, "this server is read-only")
            context.writeAndFlush(
                wrapOutboundOut(AddressedEnvelope(remoteAddress: datagram.remoteAddress, data: refusal)), promise: nil)
        case .acknowledgement, .error, nil: break
        }
    }
}
