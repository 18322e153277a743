import HTTPTypes
import Hummingbird
import NIOCore

/// What a request is answered with.
struct Answer: Sendable {
    /// What follows the head.
    enum Body: Sendable {
        /// Nothing.
        case none
        /// Bytes that are all there, as documents hold them.
        case array([UInt8])
        /// Bytes that are all there.
        case bytes(ByteBuffer)
        /// Bytes that are made while they are sent.
        case parts(ResponseBody)
    }

    var status: HTTPResponse.Status
    /// The fields of the head, the body's length among them where it is known.
    var headers: HTTPFields
    private(set) var body: Body

    init(status: HTTPResponse.Status, headers: HTTPFields = [:], body: Body = .none) {
        self.status = status
        self.headers = headers
        self.body = body
        if let length = body.length, !headers.contains(.contentLength) {
            self.headers[.contentLength] = String(length)
        }
    }

    /// Whether all of it is there to be sent.
    var isWhole: Bool { if case .parts = body { false } else { true } }

    /// The same without the body, as `HEAD` is answered.
    func withoutBody() -> Answer {
        var answer = self
        answer.body = .none
        return answer
    }

    /// The answer as Hummingbird sends it.
    var response: Response {
        let body =
            switch body {
            case .none: ResponseBody()
            case .array(let bytes): ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
            case .bytes(let bytes): ResponseBody(byteBuffer: bytes)
            case .parts(let parts): parts
            }
        return Response(status: status, headers: headers, body: body)
    }
}

extension Answer.Body {
    /// The number of bytes; nil if it is not known before they are sent.
    var length: Int? {
        switch self {
        case .none: 0
        case .array(let bytes): bytes.count
        case .bytes(let bytes): bytes.readableBytes
        case .parts(let parts): parts.contentLength
        }
    }
}
