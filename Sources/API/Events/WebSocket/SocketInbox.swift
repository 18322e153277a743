import NIOCore
import NIOWebSocket
import Synchronization
import Tracker

/// What a websocket's client has sent and the server has not dealt with yet; bounded.
final class SocketInbox: Sendable {
    /// One thing to deal with.
    enum Message: Sendable {
        case text(String)
        case ping(ByteBuffer)
        /// The connection is to be closed for this reason.
        case close(WebSocketErrorCode, String)
        /// The client is gone, and nothing can be said to it.
        case end
    }

    /// The most messages that wait.
    static let limit = 256

    private struct State: Sendable {
        var messages: [Message] = []
        var heardAt = ContinuousClock.now
        var isClosing = false
    }

    private let state = Mutex(State())
    private let bell: Bell

    init(ringing bell: Bell) { self.bell = bell }

    /// For how long nothing has been heard of the client.
    var silence: Duration { state.withLock { $0.heardAt.duration(to: .now) } }

    /// Adds a message. After one that ends the connection no others are taken.
    func post(_ message: Message) {
        state.withLock { state in
            guard !state.isClosing else {
                if case .end = message { state.messages.append(message) }
                return
            }
            switch message {
            case .close, .end: state.isClosing = true
            case .text, .ping:
                guard state.messages.count >= Self.limit else { break }
                state.isClosing = true
                state.messages.append(.close(.policyViolation, "more than \(Self.limit) messages wait to be read"))
                return
            }
            state.messages.append(message)
        }
        bell.ring()
    }

    /// Takes all messages.
    func take() -> [Message] {
        state.withLock { state in
            defer { state.messages.removeAll() }
            return state.messages
        }
    }

    /// Reads frames until there are no more.
    func receive(_ frames: NIOAsyncChannelInboundStream<WebSocketFrame>) async {
        do {
            for try await frame in frames {
                state.withLock { $0.heardAt = .now }
                if let message = Self.message(frame) { post(message) }
            }
        } catch {
            post(.close(Self.code(of: error), "\(error)"))
        }
        post(.end)
    }

    /// What a client is told that sends what is not WebSocket, or more than it may (RFC 6455 §7.4.1).
    private static func code(of error: any Error) -> WebSocketErrorCode {
        switch error {
        case NIOWebSocketFrameAggregator.Error.accumulatedFrameSizeIsTooLarge, NIOWebSocketError.invalidFrameLength:
            .messageTooLarge
        default: .protocolError
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
        case .connectionClose: return .close(data.readWebSocketErrorCode() ?? .normalClosure, "")
        default: return .close(.unacceptableData, "only text is understood here")
        }
    }
}
