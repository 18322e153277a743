import HTTPTypes
import Hummingbird
import NIOCore

/// Writes the answer of one request from a task, on any thread: as one piece if it is one, else part by part as fast as the
/// client takes them.
struct AnswerWriter: Sendable {
    /// Who owes the answer.
    let handler: NIOLoopBound<HTTPConnectionHandler>
    private let loop: any EventLoop

    /// The writer of an answer that `handler` owes; made on its event loop.
    init(_ handler: HTTPConnectionHandler, _ loop: any EventLoop) {
        self.handler = NIOLoopBound(handler, eventLoop: loop)
        self.loop = loop
    }

    /// Writes the answer that `work` gives and ends the request, or, if that breaks the connection, ends the connection.
    func write(_ work: () async throws -> Answer) async {
        do {
            let answer = try await work()
            if answer.isShort { return onLoop { $0.send(answer) } }
            guard let framing = try await begin(answer) else { return }
            try await answer.body.parts.write(Parts(writer: self, framing: framing))
        } catch {
            onLoop { $0.fail() }
        }
    }

    private func begin(_ answer: Answer) async throws -> Exchange.Framing? {
        if loop.inEventLoop { return handler.value.begin(answer) }
        return try await loop.submit { [handler] in handler.value.begin(answer) }.get()
    }

    private func onLoop(_ body: @escaping @Sendable (HTTPConnectionHandler) -> Void) {
        if loop.inEventLoop { return body(handler.value) }
        loop.execute { [handler] in body(handler.value) }
    }

    /// Sends each part before the next is made.
    private struct Parts: ResponseBodyWriter {
        let writer: AnswerWriter
        let framing: Exchange.Framing

        mutating func write(_ buffer: ByteBuffer) async throws {
            let sent = writer.loop.makePromise(of: Void.self)
            writer.onLoop { [framing] in $0.send(buffer, framing, sent) }
            try await sent.futureResult.get()
        }

        consuming func finish(_ trailers: HTTPFields?) async throws { writer.onLoop { [framing] in $0.end(framing) } }
    }
}
