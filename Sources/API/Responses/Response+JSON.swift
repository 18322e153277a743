import HTTPTypes
import Hummingbird
import JSON
import NIOCore

extension Response {
    /// An answer with a document's bytes.
    static func json(_ document: JSONDocument, status: HTTPResponse.Status = .ok) -> Response {
        json(ByteBuffer(bytes: document.bytes), status: status)
    }

    /// An answer with a value's canonical text.
    static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok) -> Response {
        json(ByteBuffer(bytes: value.canonicalBytes()), status: status)
    }

    /// An answer with bytes that are JSON.
    static func json(_ bytes: ByteBuffer, status: HTTPResponse.Status = .ok) -> Response {
        json(ResponseBody(byteBuffer: bytes), status: status)
    }

    /// An answer whose body is JSON.
    static func json(_ body: ResponseBody, status: HTTPResponse.Status = .ok) -> Response {
        var headers = HTTPFields()
        headers.reserveCapacity(8)
        headers[.contentType] = jsonType
        return Response(status: status, headers: headers, body: body)
    }

    /// No content; clients insist on the type even so (C §2).
    static var noContent: Response {
        Response(status: .noContent, headers: [.contentType: jsonType, .contentLength: "0"])
    }

    /// The object is as the client knows it.
    static func notModified(_ etag: String) -> Response {
        Response(status: .notModified, headers: [.contentType: jsonType, .eTag: etag])
    }

    /// Where to look instead.
    static func redirect(to path: String) -> Response {
        Response(status: .temporaryRedirect, headers: [.location: path, .contentType: jsonType])
    }

    private static let jsonType = "application/json"
}
