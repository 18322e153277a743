import HTTPServing
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// Writes one answer from the event loop: as one piece if it is one, else part by part as fast as the client takes them.
struct InlineResponseWriter: Sendable {
    /// Who owes the answer.
    let responder: NIOLoopBound<InlineRequestHandler>
    private let loop: any EventLoop

    /// The writer of an answer that `responder` owes; made on its event loop and used there only.
    init(_ responder: InlineRequestHandler, _ loop: any EventLoop) {
        self.responder = NIOLoopBound(responder, eventLoop: loop)
        self.loop = loop
    }

    /// Writes `answer` and ends the request.
    ///
    /// - Throws: when the connection breaks.
    func write(_ answer: Answer) async throws {
        if answer.isShort {
            responder.value.send(answer)
        } else {
            let head = HTTPResponseHead(HTTPResponse(status: answer.status, headerFields: answer.headers))
            try await answer.body.parts.write(Parts(responder: responder, loop: loop, waiting: [.head(head)]))
        }
        responder.value.finish()
    }

    /// Ends the connection: there is no answer.
    func fail() { responder.value.fail() }

    /// Sends each part before the next is made.
    private struct Parts: ResponseBodyWriter {
        let responder: NIOLoopBound<InlineRequestHandler>
        let loop: any EventLoop
        var waiting: [HTTPServerResponsePart]

        mutating func write(_ buffer: ByteBuffer) async throws {
            try await send(waiting + [.body(.byteBuffer(buffer))])
            waiting = []
        }

        consuming func finish(_ trailers: HTTPFields?) async throws {
            try await send(waiting + [.end(trailers.map { HTTPHeaders($0) })])
        }

        private func send(_ parts: [HTTPServerResponsePart]) async throws {
            let sent = loop.makePromise(of: Void.self)
            responder.value.send(parts, promise: sent)
            try await sent.futureResult.get()
        }
    }
}
