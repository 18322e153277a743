import JSON
import NIOCore
import NIOHTTP1

/// Why a request whose head cannot be parsed or promised is refused: status and reason (RFC 9110 §15.5, §15.6).
struct HeadRefusal: Error, Sendable {
    let status: HTTPResponseStatus
    let reason: String

    /// A refusal.
    init(_ status: HTTPResponseStatus, _ reason: String) { (self.status, self.reason) = (status, reason) }

    /// The refusal for what the parser says.
    ///
    /// - Parameter bytes: what is being parsed, as far as it is known: the parser calls a line without a carriage return a bad
    ///   version, and a handshake of TLS a bad method.
    init(_ error: HTTPParserError, _ bytes: ByteBuffer?) {
        switch error {
        case .headerOverflow:
            self.init(.requestHeaderFieldsTooLarge, "The head is too large: send fewer or shorter fields")
        case .invalidMethod where Self.isText(bytes):
            self.init(.notImplemented, "The method is none that this server knows")
        case .invalidVersion where !Self.hasBareLineFeed(bytes):
            self.init(.httpVersionNotSupported, "This server speaks HTTP/1.1 and HTTP/1.0")
        default: self.init(.badRequest, "This is no HTTP/1.1 request: \(error)")
        }
    }

    /// The refusal as facades show it.
    var error: HTTPError { HTTPError(Int(status.code), .head, reason) }

    /// Whether there are no characters that no head has.
    private static func isText(_ bytes: ByteBuffer?) -> Bool {
        bytes?.readableBytesView.allSatisfy { $0 >= UInt8(ascii: " ") || "\t\r\n".utf8.contains($0) } ?? true
    }

    private static func hasBareLineFeed(_ bytes: ByteBuffer?) -> Bool {
        guard let view = bytes?.readableBytesView else { return false }
        return zip(view, view.dropFirst()).contains { $0 != UInt8(ascii: "\r") && $1 == UInt8(ascii: "\n") }
    }
}
