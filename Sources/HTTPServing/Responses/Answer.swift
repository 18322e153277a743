package import HTTPTypes
package import Hummingbird
package import NIOCore

/// What a request is answered with.
package struct Answer: Sendable {
    /// What follows the head.
    package enum Body: Sendable {
        /// Nothing.
        case none
        /// Bytes that are all there, as documents hold them.
        case array([UInt8])
        /// Bytes that are all there.
        case bytes(ByteBuffer)
        /// Bytes that are made while they are sent.
        case parts(ResponseBody)
    }

    package var status: HTTPResponse.Status
    /// The fields of the head, the body's length among them where it is known.
    package var headers: HTTPFields
    package private(set) var body: Body
    /// Whether the body's bytes are those of an object that is there anyway.
    package var isShared = false
    /// Whether it refuses somebody who is known for want of rights, whatever its status says.
    package var isDenied = false

    package init(status: HTTPResponse.Status, headers: HTTPFields = [:], body: Body = .none) {
        self.status = status
        self.headers = headers
        self.body = body
        if let length = body.length, !headers.contains(.contentLength) {
            self.headers[.contentLength] = String(length)
        }
    }

    /// Whether all of it is there, and short enough to be sent at once.
    package var isShort: Bool {
        if case .parts = body { return false }
        return body.length ?? 0 <= Body.longestPart
    }

    /// The same without the body, as `HEAD` is answered.
    package func withoutBody() -> Answer {
        var answer = self
        answer.body = .none
        return answer
    }
}

extension Answer.Body {
    /// Up to this many bytes are sent as one; longer bodies in parts of about this size, each when the client has taken the
    /// one before, so that one who does not read costs no more than a part.
    package static let longestPart = 256 << 10

    /// The number of bytes, if all of them are there.
    package var wholeLength: Int? { if case .parts = self { nil } else { length } }

    /// The body as a stream.
    package var parts: ResponseBody {
        switch self {
        case .none: ResponseBody()
        case .array(let bytes):
            Self.parts(bytes.count) { ByteBuffer(bytes: bytes[$0]) }
        case .bytes(let bytes):
            Self.parts(bytes.readableBytes) { range in
                bytes.getSlice(at: bytes.readerIndex + range.lowerBound, length: range.count) ?? ByteBuffer()
            }
        case .parts(let parts): parts
        }
    }

    private static func parts(_ count: Int, _ slice: @escaping @Sendable (Range<Int>) -> ByteBuffer) -> ResponseBody {
        guard count > longestPart else { return ResponseBody(byteBuffer: slice(0..<count)) }
        return ResponseBody(contentLength: count) { writer in
            for start in stride(from: 0, to: count, by: longestPart) {
                try await writer.write(slice(start..<min(count, start + longestPart)))
            }
            try await writer.finish(nil)
        }
    }

    /// The number of bytes; nil if it is not known before they are sent.
    package var length: Int? {
        switch self {
        case .none: 0
        case .array(let bytes): bytes.count
        case .bytes(let bytes): bytes.readableBytes
        case .parts(let parts): parts.contentLength
        }
    }
}
