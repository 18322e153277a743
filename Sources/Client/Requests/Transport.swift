import AsyncHTTPClient
import Basics
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// The connections to one server: what is sent goes out as HTTP, whom they trust is settled before the first request.
actor Transport {
    private let settings: ClientSettings
    private var client: HTTPClient?

    init(_ settings: ClientSettings) { self.settings = settings }

    /// What is told when a server is met for the first time.
    typealias Meeting = @Sendable (ServerAddress, String) -> Void

    /// The client, made at the first use.
    private func connected(_ met: Meeting?) async throws(ClientError) -> HTTPClient {
        if let client { return client }
        var configuration = HTTPClient.Configuration(
            timeout: .init(
                connect: .seconds(Int64(settings.connectSeconds)), read: .seconds(Int64(settings.readSeconds))))
        configuration.httpVersion = .http1Only
        configuration.decompression = .disabled
        configuration.redirectConfiguration = .disallow
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = settings.mostConnections
        if settings.address.isSecure { configuration.tlsConfiguration = try await tls(met) }
        if let client { return client }
        let made = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        client = made
        return made
    }

    /// What connections of others than this client's begin TLS with.
    ///
    /// - Throws: as `send`.
    func tlsContext() async throws(ClientError) -> NIOSSLContext {
        let configuration = try await tls(nil)
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw ClientError(.untrusted, "\(settings.address) cannot be reached over TLS: \(error)")
        }
    }

    private func tls(_ met: Meeting?) async throws(ClientError) -> TLSConfiguration {
        var tls = TLSConfiguration.makeClientConfiguration()
        switch settings.trust {
        case .anything: tls.certificateVerification = .none
        case .authority(let path):
            do {
                tls.trustRoots = .certificates(
                    try await BlockingPool.shared.run { try NIOSSLCertificate.fromPEMFile(path) })
            } catch {
                throw ClientError(.usage, "\(path) holds no certificates in PEM form: \(error)")
            }
        case .firstUse(let known):
            let shown = try await CertificateProbe.look(
                at: settings.address, timeout: .seconds(Int64(settings.connectSeconds)),
                on: MultiThreadedEventLoopGroup.singleton)
            let verdict = try await BlockingPool.shared.run { [address = settings.address] () throws(ClientError) in
                try known.check(address, shown.fingerprint)
            }
            if verdict == .met {
                met?(settings.address, shown.fingerprint)
            }
            tls.certificateVerification = .noHostnameVerification
            tls.trustRoots = .certificates([shown.certificate])
        }
        return tls
    }

    /// Sends a request and gives the answer's head and its body as it comes.
    ///
    /// - Parameter deadline: how many seconds it may take at the most; nil for no end.
    /// - Throws: `ClientError` of kind `unreachable` or `untrusted`.
    func send(
        _ request: APIRequest, _ headers: [(name: String, value: String)], deadline: Int64?, _ met: Meeting?
    ) async throws(ClientError) -> HTTPClientResponse {
        let client = try await connected(met)
        var outgoing = HTTPClientRequest(url: "\(settings.address)\(request.target)")
        outgoing.method = HTTPMethod(rawValue: request.method)
        for (name, value) in headers + request.headers { outgoing.headers.replaceOrAdd(name: name, value: value) }
        if let stream = request.stream {
            outgoing.body = .stream(stream.buffers, length: stream.length.map { .known(Int64($0)) } ?? .unknown)
        } else if let body = request.body {
            outgoing.body = .bytes(ByteBuffer(bytes: body))
        }
        do {
            return try await client.execute(outgoing, timeout: deadline.map { .seconds($0) } ?? .hours(24 * 365))
        } catch let error as ClientError {
            throw error
        } catch is CancellationError {
            throw ClientError(.unreachable, "\(request.summary) was cancelled")
        } catch let error as NIOSSLError {
            throw ClientError(.untrusted, "\(settings.address) shows a certificate that is not trusted: \(error)")
        } catch {
            throw .unreachable(settings.address, error)
        }
    }

    /// Ends all connections.
    func close() async {
        let ended = client
        client = nil
        try? await ended?.shutdown()
    }
}
