package import HTTPTypes
import Hummingbird
package import JSON
package import NIOCore

extension Answer {
    /// An answer with a document's bytes.
    package static func json(_ document: JSONDocument, status: HTTPResponse.Status = .ok) -> Answer {
        json(.array(document.bytes), status: status)
    }

    /// An answer with a value's canonical text.
    package static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok) -> Answer {
        json(.array(value.canonicalBytes()), status: status)
    }

    /// An answer with bytes that are JSON.
    package static func json(_ bytes: ByteBuffer, status: HTTPResponse.Status = .ok) -> Answer {
        json(.bytes(bytes), status: status)
    }

    /// An answer whose body is JSON.
    package static func json(_ body: Body, status: HTTPResponse.Status = .ok) -> Answer {
        var headers = HTTPFields()
        headers.reserveCapacity(8)
        headers[.contentType] = jsonType
        return Answer(status: status, headers: headers, body: body)
    }

    /// No content; clients insist on the type even so (C §2).
    package static var noContent: Answer {
        Answer(status: .noContent, headers: [.contentType: jsonType, .contentLength: "0"])
    }

    /// The object is as the client knows it.
    package static func notModified(_ etag: String) -> Answer {
        Answer(status: .notModified, headers: [.contentType: jsonType, .eTag: etag])
    }

    /// Where to look instead.
    package static func redirect(to path: String) -> Answer {
        Answer(status: .temporaryRedirect, headers: [.location: path, .contentType: jsonType])
    }

    private static let jsonType = "application/json"
}
