import AsyncHTTPClient
import Basics
import Crypto
import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A look at the certificates that a server shows, before anything is sent to it.
enum CertificateProbe {
    /// The server's own certificate.
    struct Shown: Sendable {
        /// The certificate, to be the only one that is trusted.
        let certificate: NIOSSLCertificate
        /// SHA-256 of its DER form, in hexadecimal.
        let fingerprint: String
    }

    /// Connects, takes the server's certificate, and leaves.
    ///
    /// - Throws: `ClientError` of kind `unreachable`.
    static func look(at address: ServerAddress, timeout: TimeAmount, on group: any EventLoopGroup)
        async throws(ClientError)
        -> Shown
    {
        do {
            let bytes = try await certificate(of: address, timeout, group)
            guard let bytes else {
                throw ClientError(
                    .unreachable,
                    "\(address) accepts connections and shows no certificate: is it a server of http://? Say so then")
            }
            let digest = SHA256.hash(data: bytes)
            return Shown(
                certificate: try NIOSSLCertificate(bytes: bytes, format: .der),
                fingerprint: Hexadecimal.encode(Array(digest)))
        } catch let error as ClientError {
            throw error
        } catch {
            throw .unreachable(address, error)
        }
    }

    /// The DER form of the certificate that a server shows; nil if it shows none in time.
    private static func certificate(
        of address: ServerAddress, _ timeout: TimeAmount, _ group: any EventLoopGroup
    ) async throws -> [UInt8]? {
        let shown = Mutex<[UInt8]?>(nil)
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .noHostnameVerification
        // Nobody's word counts here, so the system's authorities need not be read.
        configuration.trustRoots = .certificates([])
        let context = try NIOSSLContext(configuration: configuration)
        let done = group.any().makePromise(of: Void.self)
        let connecting = ClientBootstrap(group: group).connectTimeout(timeout)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = try NIOSSLClientHandler(
                        context: context, serverHostname: address.serverName,
                        customVerificationCallback: { certificates, verdict in
                            if let first = certificates.first, let bytes = try? first.toDERBytes() {
                                shown.withLock { $0 = bytes }
                            }
                            // What is sent later goes over a connection of its own, which trusts just this one.
                            verdict.succeed(.failed)
                            done.succeed()
                        })
                    try channel.pipeline.syncOperations.addHandlers(handler, ClosingHandler(done))
                }
            }.connect(host: address.host, port: address.port)
        // Whoever waits is told in any case; a promise that nobody keeps ends the process.
        connecting.whenFailure { _ in done.succeed() }
        let channel = try await connecting.get()
        let late = channel.eventLoop.scheduleTask(in: timeout) { done.succeed() }
        try await done.futureResult.get()
        late.cancel()
        channel.close(promise: nil)
        return shown.withLock { $0 }
    }
}

extension ServerAddress {
    /// The name for the handshake; addresses have none (RFC 6066).
    var serverName: String? {
        let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        return isAddress ? nil : host
    }
}

/// Ends the wait when the connection ends before a certificate came.
private final class ClosingHandler: ChannelInboundHandler {
    typealias InboundIn = NIOAny
    private let done: EventLoopPromise<Void>

    init(_ done: EventLoopPromise<Void>) { self.done = done }

    func channelInactive(context: ChannelHandlerContext) {
        done.succeed()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { done.succeed() }
}

extension ClientError {
    /// Nobody answers at an address.
    ///
    /// - Parameter error: what came of the attempt.
    static func unreachable(_ address: ServerAddress, _ error: any Error) -> ClientError {
        let reason = reason(of: error)
        return ClientError(
            .unreachable, "no server answers at \(address) (\(reason)). Is it running? `-E` or RS_ENDPOINT says where")
    }

    /// Why a connection failed, in the words of the system where those say it.
    private static func reason(of error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            if let first = error.connectionErrors.first { return reason(of: first.error) }
            return "there is no address of \(error.host)"
        case let error as IOError: return String(cString: strerror(error.errnoCode))
        case let error as HTTPClientError: return error.shortDescription
        default: return "\(error)"
        }
    }
}
