import HTTPServing
import HTTPTypes
import JSON
import NIOCore

/// The answer to a write, in a form that can be kept and given again.
struct WriteAnswer: Sendable {
    var status: HTTPResponse.Status = .ok
    /// The object's validator, if the answer is one object.
    var etag: String?
    /// The JSON; empty for none.
    let body: [UInt8]

    /// An answer of bytes that are JSON.
    init(_ document: JSONDocument, status: HTTPResponse.Status = .ok, etag: String? = nil) {
        (self.status, self.etag, body) = (status, etag, document.bytes)
    }

    /// An answer of a value.
    init(_ value: JSONValue, status: HTTPResponse.Status = .ok) {
        (self.status, etag, body) = (status, nil, value.canonicalBytes())
    }

    /// The answer that there is nothing to say.
    static let noContent = WriteAnswer(bytes: [], status: .noContent)

    private init(bytes: [UInt8], status: HTTPResponse.Status) { (self.status, etag, body) = (status, nil, bytes) }

    /// The answer as it is sent.
    var answer: Answer {
        if status == .noContent { return .noContent }
        var answer = Answer.json(.array(body), status: status)
        answer.headers[.eTag] = etag
        return answer
    }
}

extension WriteAnswer {
    /// The bytes that are kept: status, length of the validator, validator, body.
    var encoded: [UInt8] {
        let tag = Array((etag ?? "").utf8.prefix(255))
        return [UInt8(status.code >> 8), UInt8(status.code & 255), UInt8(tag.count)] + tag + body
    }

    /// The longest body that is kept, in bytes.
    static let longestKept = 1 << 20

    /// The answer to keep for a request that comes again: this one, or, if it is too long, that it was carried out.
    ///
    /// - Parameter call: the request.
    func kept(for call: RequestContext) -> WriteAnswer {
        guard body.count > Self.longestKept else { return self }
        let refusal = APIError(
            409, "Conflict", key: call.path.path,
            [
                "This request was carried out with status \(status.code)",
                "Its answer of \(body.count) bytes is longer than the \(Self.longestKept) that are kept: read what it wrote",
            ])
        return WriteAnswer(refusal.document, status: .conflict)
    }

    /// The answer that `bytes` hold, or nil if they hold none.
    init?(encoded bytes: [UInt8]) {
        guard bytes.count >= 3, bytes.count >= 3 + Int(bytes[2]) else { return nil }
        let end = 3 + Int(bytes[2])
        let code = Int(bytes[0]) << 8 | Int(bytes[1])
        guard 100...999 ~= code else { return nil }
        status = HTTPResponse.Status(code: code)
        etag = end == 3 ? nil : String(decoding: bytes[3..<end], as: UTF8.self)
        body = Array(bytes[end...])
    }
}
