import Basics
import JSON

/// A client of one server: sends requests with the right credentials, again where that is safe, and makes errors of refusals.
///
/// A password is used once, for a token, which is kept until it ends. Writes carry an idempotency key of their own, so that
/// one whose answer was lost can be sent again and happens once.
///
///     let client = MusterClient(ClientSettings(credentials: .password(user: "kate", password: "…"), trust: …))
///     let machine = try await client.send(APIRequest("GET", ["machines", "Name:web-1"])).json()
public final class MusterClient: Sendable {
    /// What the client was told.
    public let settings: ClientSettings
    let transport: Transport
    private let session: Session
    private let met: (@Sendable (ServerAddress, String) -> Void)?

    /// A client.
    ///
    /// - Parameter met: is told the address and the fingerprint of a server that is met for the first time.
    public init(_ settings: ClientSettings, met: (@Sendable (ServerAddress, String) -> Void)? = nil) {
        self.settings = settings
        self.met = met
        transport = Transport(settings)
        session = Session(settings)
    }

    /// Sends a request and gives the whole answer. A body that is streamed may take as long as it takes.
    ///
    /// - Throws: `ClientError`, also for an answer of a status of 400 and above.
    public func send(_ request: APIRequest) async throws(ClientError) -> APIResponse {
        let streamed = try await stream(request, deadline: request.stream == nil ? Int64(settings.readSeconds) : nil)
        return APIResponse(status: streamed.status, headers: streamed.headers, body: try await streamed.collect())
    }

    /// Sends a request and gives the answer's body as it comes: long lists, packs and events.
    ///
    /// - Parameter deadline: how many seconds it may take at the most; nil for no end.
    /// - Throws: `ClientError`, also for an answer of a status of 400 and above.
    public func stream(_ request: APIRequest, deadline: Int64? = nil) async throws(ClientError) -> StreamedResponse {
        var request = request
        if settings.sendsIdempotencyKeys, !request.isRead,
            !request.headers.contains(where: { $0.name.hasSameUTF8(as: Self.idempotencyKey) })
        {
            request.headers.append((Self.idempotencyKey, Self.freshKey()))
        }
        var attempt = 0
        while true {
            do throws(ClientError) {
                return try await attemptOnce(request, deadline)
            } catch {
                attempt += 1
                guard error.kind == .unreachable, attempt <= settings.retries, !Task.isCancelled else { throw error }
                try? await Task.sleep(for: .milliseconds(100 << min(attempt, 6)))
            }
        }
    }

    /// Ends all connections. The client can be used again.
    public func close() async { await transport.close() }

    /// A token for other programs (contract §11.1).
    ///
    /// - Throws: `ClientError`.
    public func token() async throws(ClientError) -> String? {
        try await session.token { request, header throws(ClientError) in try await self.plain(request, header) }
    }

    private static let idempotencyKey = "Idempotency-Key"

    private static func freshKey() -> String {
        (0..<2).map { _ in String(UInt64.random(in: .min ... .max), radix: 16) }.joined(separator: "-")
    }

    private func attemptOnce(_ request: APIRequest, _ deadline: Int64?) async throws(ClientError) -> StreamedResponse {
        let header = try await session.header { request, header throws(ClientError) in
            try await self.plain(request, header)
        }
        do throws(ClientError) {
            return try await raw(request, header, deadline)
        } catch {
            // A token that ended, or that a changed password made void, is fetched anew once. `AUTH` says that the token is
            // good and what it allows does not suffice (contract §3).
            guard error.kind == .denied, error.body?["Type"]?.stringValue?.elementsEqual("AUTH") != true,
                await session.forget(header)
            else { throw error }
            let fresh = try await session.header { request, header throws(ClientError) in
                try await self.plain(request, header)
            }
            return try await raw(request, fresh, deadline)
        }
    }

    private func plain(_ request: APIRequest, _ authorization: String?) async throws(ClientError) -> APIResponse {
        let streamed = try await raw(request, authorization, Int64(settings.readSeconds))
        return APIResponse(status: streamed.status, headers: streamed.headers, body: try await streamed.collect())
    }

    private func raw(
        _ request: APIRequest, _ authorization: String?, _ deadline: Int64?
    ) async throws(ClientError) -> StreamedResponse {
        var headers = [("Accept", "application/json"), ("User-Agent", settings.userAgent)]
        if let authorization { headers.append(("Authorization", authorization)) }
        if request.body != nil || request.stream != nil { headers.append(("Content-Type", request.contentType)) }
        let response = try await transport.send(request, headers, deadline: deadline, met)
        let streamed = StreamedResponse(response)
        guard streamed.status >= 400 else { return streamed }
        throw ClientError(
            status: streamed.status, try await streamed.collect(), of: request.summary,
            requestID: streamed.header("x-request-id"))
    }
}
