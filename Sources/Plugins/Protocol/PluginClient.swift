import AsyncHTTPClient
import Basics
import JSON
import NIOCore
import NIOHTTP1

/// What the server asks of a plug-in, over the unix socket that the plug-in listens on (C §18).
struct PluginClient: Sendable {
    /// What can be asked.
    enum Request: String, Sendable {
        case config, stop, action, publish
    }

    private let http: HTTPClient
    private let base: String

    /// The largest answer that is read, in bytes.
    private static let longestAnswer = 16 << 20

    /// A client of the plug-in that listens on the socket at `path`.
    init(_ http: HTTPClient, socket path: String) {
        self.http = http
        let host = PercentEncoding.encode(path.utf8, keeping: PercentEncoding.isUnreserved)
        base = "http+unix://\(host)/api-plugin/v4/"
    }

    /// What a plug-in answers to a request.
    ///
    /// - Parameters:
    ///   - body: JSON.
    ///   - time: how long it may take.
    /// - Throws: what it refuses the request with; with 502 why it cannot be asked, with 504 that it takes too long.
    func ask(_ request: Request, _ body: [UInt8], within time: Duration) async throws(PluginError) -> JSONValue {
        let (status, bytes) = try await exchange(request, body, time)
        guard status < 400 else { throw PluginError(body: bytes, status: status) }
        if bytes.isEmpty { return .null }
        do {
            return try JSONValue(parsing: bytes)
        } catch {
            throw PluginError(502, ["The plug-in's answer to \(request.rawValue) is no JSON: \(error)"])
        }
    }

    private func exchange(
        _ request: Request, _ body: [UInt8], _ time: Duration
    ) async throws(PluginError) -> (status: Int, body: [UInt8]) {
        var call = HTTPClientRequest(url: base + request.rawValue)
        call.method = .POST
        // HTTP takes a host, and Go's server refuses what names none; of a socket of this host there is nothing to say.
        call.headers = ["Host": "unix", "Content-Type": "application/json", "Accept": "application/json"]
        call.body = .bytes(body)
        do {
            let answer = try await http.execute(call, timeout: TimeAmount(time))
            let bytes = try await answer.body.collect(upTo: Self.longestAnswer)
            return (Int(answer.status.code), Array(bytes.readableBytesView))
        } catch let error as HTTPClientError where error == .deadlineExceeded {
            let seconds = time.components.seconds
            throw PluginError(504, ["The plug-in took longer than \(seconds) s for \(request.rawValue)"])
        } catch let error as HTTPClientError where error == .remoteConnectionClosed {
            throw PluginError(502, ["The plug-in ended before it answered to \(request.rawValue)"])
        } catch {
            throw PluginError(502, ["The plug-in cannot be asked for \(request.rawValue): \(error)"])
        }
    }
}
