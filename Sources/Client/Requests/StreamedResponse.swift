import AsyncHTTPClient
import Basics
import JSON
import NIOCore
import NIOHTTP1

/// An answer whose body comes in parts.
public struct StreamedResponse: Sendable {
    /// The status, below 400 wherever a client gives this out.
    public let status: Int
    /// The headers, names in lower case.
    public let headers: [(name: String, value: String)]
    private let body: HTTPClientResponse.Body

    /// The largest body that is collected, in bytes.
    private static let limit = 1 << 30

    init(_ response: HTTPClientResponse) {
        status = Int(response.status.code)
        headers = response.headers.map { ($0.name.asciiLowercased, $0.value) }
        body = response.body
    }

    /// The value of a header, by its name in lower case.
    public func header(_ name: String) -> String? { headers.first { $0.name.utf8.elementsEqual(name.utf8) }?.value }

    /// Calls `take` with each part, as it comes.
    ///
    /// - Throws: `ClientError` of kind `unreachable` when the connection ends too early, and what `take` throws.
    public func forEachPart(
        _ take: (_ part: [UInt8]) async throws(ClientError) -> Void
    ) async throws(ClientError) {
        var iterator = body.makeAsyncIterator()
        while true {
            let part: ByteBuffer?
            do {
                part = try await iterator.next()
            } catch {
                throw ClientError(.unreachable, "the server's answer broke off (\(error))")
            }
            guard let part else { return }
            try await take(Array(part.readableBytesView))
        }
    }

    /// The whole body.
    ///
    /// - Throws: `ClientError` of kind `unreachable`, or `malformed` for one of more than a gigabyte.
    public func collect() async throws(ClientError) -> [UInt8] {
        var bytes: [UInt8] = []
        try await forEachPart { (part) throws(ClientError) in
            bytes += part
            if bytes.count > Self.limit {
                throw ClientError(.malformed, "the answer has more than \(Self.limit) bytes")
            }
        }
        return bytes
    }
}
