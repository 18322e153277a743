import AsyncHTTPClient
import Basics
import JSON
import NIOCore
import NIOHTTP1

/// OpenStack's identity service, as the two requests of its API that a server makes.
struct KeystoneService: Sendable {
    /// Why there is no answer about a token.
    enum Failure: Error, Sendable {
        /// The service does not know the token.
        case unknown
        /// The server's own token is not good any more, or its account is not.
        case denied
        /// The service cannot be reached, or answers what it should not.
        case unreachable(String)
    }

    let settings: KeystoneSettings

    /// How long the service may take.
    private static let patience = TimeAmount.seconds(5)
    /// The longest answer in bytes: tokens name all services of a cloud.
    private static let longestAnswer = 4 << 20

    /// A token of the server's own.
    func login() async throws(Failure) -> String {
        var request = HTTPClientRequest(url: settings.url + "/auth/tokens")
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.body = .bytes(settings.login.canonicalBytes())
        let answer = try await send(request)
        guard answer.status == 201, let token = answer.token else { throw .denied }
        return token
    }

    /// What the service says of `token`, asked with a token of the server's own.
    func validate(_ token: String, with own: String) async throws(Failure) -> KeystoneToken {
        var request = HTTPClientRequest(url: settings.url + "/auth/tokens?nocatalog")
        request.headers.add(name: "X-Auth-Token", value: own)
        request.headers.add(name: "X-Subject-Token", value: token)
        let answer = try await send(request)
        switch answer.status {
        case 200:
            guard let value = try? JSONValue(parsing: answer.body), let known = KeystoneToken(value) else {
                throw .unreachable("its answer names no user, project and end")
            }
            return known
        case 401: throw .denied
        case 404: throw .unknown
        default: throw .unreachable("it answers with status \(answer.status)")
        }
    }

    private struct Reply {
        let status: Int
        let token: String?
        let body: [UInt8]
    }

    private func send(_ request: HTTPClientRequest) async throws(Failure) -> Reply {
        do {
            let response = try await HTTPClient.shared.execute(request, timeout: Self.patience)
            let body = try await response.body.collect(upTo: Self.longestAnswer)
            return Reply(
                status: Int(response.status.code), token: response.headers.first(name: "X-Subject-Token"),
                body: Array(body.readableBytesView))
        } catch {
            throw .unreachable("\(error)")
        }
    }
}
