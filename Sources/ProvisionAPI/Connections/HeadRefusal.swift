import HTTPServing
import JSON
import NIOCore
import NIOHTTP1

/// The answer to a request whose head cannot be parsed or promised: its status, and why (RFC 9110 §15.5, §15.6).
struct HeadRefusal: Sendable {
    let status: HTTPResponseStatus
    let reason: String

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

    /// Whether there are no characters that no head has.
    private static func isText(_ bytes: ByteBuffer?) -> Bool {
        bytes?.readableBytesView.allSatisfy { $0 >= UInt8(ascii: " ") || "\t\r\n".utf8.contains($0) } ?? true
    }

    private static func hasBareLineFeed(_ bytes: ByteBuffer?) -> Bool {
        guard let view = bytes?.readableBytesView else { return false }
        return zip(view, view.dropFirst()).contains { $0 != UInt8(ascii: "\r") && $1 == UInt8(ascii: "\n") }
    }

    /// A refusal for another reason.
    init(_ status: HTTPResponseStatus, _ reason: String) { (self.status, self.reason) = (status, reason) }

    /// Writes the answer, and ends the connection once the client has had time to take it.
    ///
    /// - Parameter context: of a handler behind the encoder of responses.
    func send(_ context: ChannelHandlerContext, _ registry: ConnectionRegistry) {
        registry.noteRefusedHead(context.channel, status: Int(status.code), reason)
        let error = APIError(Int(status.code), "HTTP", reason)
        let body = ByteBuffer(bytes: error.document.bytes)
        let headers: HTTPHeaders = [
            "Content-Type": "application/json", "Content-Length": String(body.readableBytes), "Connection": "close",
        ]
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        context.write(NIOAny(HTTPServerResponsePart.head(head)), promise: nil)
        context.write(NIOAny(HTTPServerResponsePart.body(.byteBuffer(body))), promise: nil)
        context.writeAndFlush(NIOAny(HTTPServerResponsePart.end(nil)), promise: nil)
        context.closeLingering()
    }
}

extension ChannelHandlerContext {
    /// How long what a client still sends is read, so that it finds the answer and no reset connection.
    private static let linger = TimeAmount.seconds(1)

    /// Ends a connection whose last answer is written: says so behind it, and lets go of the client a little later.
    func closeLingering() {
        let said = eventLoop.makePromise(of: Void.self)
        let channel = channel
        said.futureResult.whenComplete { _ in
            let end = channel.eventLoop.scheduleTask(in: Self.linger) { channel.close(promise: nil) }
            channel.closeFuture.whenComplete { _ in end.cancel() }
        }
        close(mode: .output, promise: said)
    }
}
