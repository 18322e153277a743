package import Basics
package import NIOCore
package import NIOWebSocket
import Synchronization

/// What a websocket's client has sent and the server has not dealt with yet; bounded.
package final class SocketInbox: Sendable {
    /// One thing to deal with.
    package enum Message: Sendable {
        case text(String)
        case ping(ByteBuffer)
        /// The connection is to be closed for this reason.
        case close(WebSocketErrorCode, String)
        /// The client is gone, and nothing can be said to it.
        case end

        var byteCount: Int {
            switch self {
            case .text(let text): text.utf8.count
            case .ping(let data): data.readableBytes
            case .close, .end: 0
            }
        }
    }

    /// The most messages that wait, and the most bytes of all of them.
    static let limit = 256
    static let byteLimit = 256 << 10

    private struct State: Sendable {
        var messages: [Message] = []
        var bytes = 0
        var heardAt: ContinuousClock.Instant
        var isClosing = false
    }

    private let state: Mutex<State>
    private let clock: any TimeSource
    /// Rings when there is something to deal with.
    package let signal: AsyncSignal

    /// An empty inbox.
    ///
    /// - Parameter clock: whose time silence is measured by.
    package init(ringing signal: AsyncSignal, clock: any TimeSource) {
        self.signal = signal
        self.clock = clock
        state = Mutex(State(heardAt: clock.instant()))
    }

    /// For how long nothing has been heard of the client.
    package var silence: Duration { state.withLock { $0.heardAt.duration(to: clock.instant()) } }

    /// Adds a message. After one that ends the connection no others are taken.
    package func post(_ message: Message) {
        state.withLock { state in
            guard !state.isClosing else {
                if case .end = message { state.messages.append(message) }
                return
            }
            switch message {
            case .close, .end: state.isClosing = true
            case .text, .ping:
                state.bytes += message.byteCount
                guard state.messages.count >= Self.limit || state.bytes > Self.byteLimit else { break }
                state.isClosing = true
                let reason = "more than \(Self.limit) messages or \(Self.byteLimit) bytes wait to be read"
                state.messages.append(.close(.policyViolation, reason))
                return
            }
            state.messages.append(message)
        }
        signal.ring()
    }

    /// Takes all messages.
    package func take() -> [Message] {
        state.withLock { state in
            defer { (state.messages, state.bytes) = ([], 0) }
            return state.messages
        }
    }

    /// Whether the connection is to be closed.
    package var isClosing: Bool { state.withLock { $0.isClosing } }

    /// Takes a frame of the client.
    func receive(_ frame: WebSocketFrame) {
        state.withLock { $0.heardAt = clock.instant() }
        if let message = Self.message(frame) { post(message) }
    }

    /// Notes what went wrong with the connection.
    func fail(_ error: any Error) { post(.close(Self.code(of: error), "\(error)")) }

    /// What a client is told that sends what is not WebSocket, or more than it may (RFC 6455 §7.4.1).
    private static func code(of error: any Error) -> WebSocketErrorCode {
        switch error {
        case let violation as FrameValidator.Violation: violation.code
        case NIOWebSocketFrameAggregator.Error.accumulatedFrameSizeIsTooLarge, NIOWebSocketError.invalidFrameLength:
            .messageTooLarge
        default: .protocolError
        }
    }

    /// The close frame that answers a client's: its own code, unless that is none to be sent (RFC 6455 §5.5.1, §7.4).
    private static func reply(toClose data: inout ByteBuffer) -> Message {
        guard data.readableBytes > 0 else { return .close(.normalClosure, "") }
        guard let code = data.readWebSocketErrorCode(), isSendable(UInt16(webSocketErrorCode: code)) else {
            return .close(.protocolError, "the code of a close frame is none that may be sent")
        }
        guard String(validating: data.readableBytesView, as: UTF8.self) != nil else {
            return .close(.dataInconsistentWithMessage, "the reason of a close frame must be UTF-8")
        }
        return .close(code, "")
    }

    private static func isSendable(_ code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }

    private static func message(_ frame: WebSocketFrame) -> Message? {
        var data = frame.unmaskedData
        switch frame.opcode {
        case .text:
            guard let text = String(validating: data.readableBytesView, as: UTF8.self) else {
                return .close(.dataInconsistentWithMessage, "text must be UTF-8")
            }
            return .text(text)
        case .ping: return .ping(data)
        case .pong: return nil
        case .connectionClose: return reply(toClose: &data)
        default: return .close(.unacceptableData, "only text is understood here")
        }
    }
}

/// The end of a websocket's pipeline: puts what comes into the inbox.
final class SocketReceiver: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame

    private let inbox: SocketInbox

    init(_ inbox: SocketInbox) { self.inbox = inbox }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { inbox.receive(unwrapInboundIn(data)) }

    func channelInactive(context: ChannelHandlerContext) { inbox.post(.end) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { inbox.fail(error) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { inbox.post(.end) }
        context.fireUserInboundEventTriggered(event)
    }
}
