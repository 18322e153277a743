import Basics
import Logging
import NIOCore
import NIOPosix
import Provisioning
import Synchronization
import Tracker

/// Begins transfers: looks files up, and gives each client a port of its own.
final class TFTPReception: Sendable {
    private let tree: FileTree
    private let place: ServerPlace
    private let host: String
    private let group: any EventLoopGroup
    private let logger: Logger
    /// How many transfers are going on, by the addresses of clients.
    private let clients = Mutex<[Identifier: Int]>([:])

    /// How many transfers go on at once, and how many of one address.
    private static let most = 2_000
    private static let mostOfOne = 64

    init(_ tree: FileTree, _ place: ServerPlace, host: String, group: any EventLoopGroup, logger: Logger) {
        (self.tree, self.place, self.host, self.group, self.logger) = (tree, place, host, group, logger)
    }

    /// Begins a transfer, or refuses it.
    func begin(_ request: TFTPReadRequest, of peer: SocketAddress, at local: SocketAddress?) {
        let client = Identifier(peer.ipAddress ?? "")
        let isAdmitted = clients.withLock { clients in
            guard clients.values.reduce(0, +) < Self.most, clients[client, default: 0] < Self.mostOfOne else {
                return false
            }
            clients[client, default: 0] += 1
            return true
        }
        // Who is not answered asks again.
        guard isAdmitted else { return }
        let end: @Sendable () -> Void = { [self] in
            clients.withLock { clients in
                let rest = (clients[client] ?? 1) - 1
                clients[client] = rest > 0 ? rest : nil
            }
        }
        let address = local?.ipAddress.flatMap { IPAddress($0) }
        Task { await serve(request, to: peer, at: address, then: end) }
    }

    private func serve(
        _ request: TFTPReadRequest, to peer: SocketAddress, at local: IPAddress?,
        then end: @escaping @Sendable () -> Void
    ) async {
        let found = await content(of: request, at: local)
        do {
            // From the address that the client knows.
            let source = local.map(\.description) ?? host
            switch found {
            case .success(let content):
                let terms = TFTPTerms(request.options, size: content.size)
                _ = try await bootstrap { TFTPTransfer(content, terms, to: peer, onEnd: end) }.bind(
                    host: source, port: 0
                ).get()
            case .failure(let refusal):
                let channel = try await bootstrap { nil }.bind(host: source, port: 0).get()
                let packet = TFTPAnswer.error(refusal.failure, refusal.message)
                try await channel.writeAndFlush(AddressedEnvelope(remoteAddress: peer, data: packet))
                try await channel.close()
                end()
            }
        } catch {
            logger.warning("a TFTP client cannot be answered", metadata: ["client": "\(peer)", "cause": "\(error)"])
            end()
        }
    }

    private func bootstrap(_ handler: @escaping @Sendable () -> TFTPTransfer?) -> DatagramBootstrap {
        DatagramBootstrap(group: group).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                if let handler = handler() { try channel.pipeline.syncOperations.addHandler(handler) }
            }
        }
    }

    private struct Refusal: Error {
        let failure: TFTPAnswer.Failure
        let message: String
    }

    private func content(of request: TFTPReadRequest, at local: IPAddress?) async -> Result<TFTPContent, Refusal> {
        // Firmware of some makes parts names with backslashes.
        guard let path = TreePath.clean(request.name.replacing("\\", with: "/")) else {
            return .failure(Refusal(failure: .accessViolation, message: "\(request.name) is no path below the root"))
        }
        guard let location = place.location(cameTo: local) else {
            return .failure(Refusal(failure: .other, message: "the server has no address"))
        }
        let node: FileTree.Node?
        do throws(RenderError) { node = try await tree.node(at: path, for: location) } catch {
            logger.warning("a file cannot be rendered", metadata: ["path": "\(path)", "cause": "\(error)"])
            return .failure(Refusal(failure: .other, message: "\(error)"))
        }
        let content: TFTPContent
        switch node {
        case .rendered(let bytes):
            logger.debug("a file is rendered", metadata: ["path": "\(path)", "bytes": "\(bytes.count)"])
            content = TFTPContent(bytes)
        case .stored(let file): content = TFTPContent(file)
        case .arriving(let file):
            // The client is told the size first and asks again as long as it gets no answer: it is served when all is there.
            do throws(ArrivalError) { try await file.arrival(of: file.size) } catch {
                return .failure(Refusal(failure: .other, message: "\(error)"))
            }
            content = TFTPContent(file.file, size: file.size)
        case nil: return .failure(Refusal(failure: .notFound, message: "there is no file \(path)"))
        }
        guard request.mode == .netascii else { return .success(content) }
        let text = await BlockingPool.shared.run { try? content.asText() }
        return text.map { .success($0) }
            ?? .failure(Refusal(failure: .other, message: "\(path) is too large to be sent as netascii: use octet"))
    }
}
