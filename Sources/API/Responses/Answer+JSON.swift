import HTTPTypes
import Hummingbird
import JSON
import NIOCore

extension Answer {
    /// An answer with a document's bytes.
    static func json(_ document: JSONDocument, status: HTTPResponse.Status = .ok) -> Answer {
        json(.array(document.bytes), status: status)
    }

    /// An answer with a value's canonical text.
    static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok) -> Answer {
        json(.array(value.canonicalBytes()), status: status)
    }

    /// An answer with bytes that are JSON.
    static func json(_ bytes: ByteBuffer, status: HTTPResponse.Status = .ok) -> Answer {
        json(.bytes(bytes), status: status)
    }

    /// An answer whose body is JSON.
    static func json(_ body: Body, status: HTTPResponse.Status = .ok) -> Answer {
        var headers = HTTPFields()
        headers.reserveCapacity(8)
        headers[.contentType] = jsonType
        return Answer(status: status, headers: headers, body: body)
    }

    /// A list that is shown as a whole, with its counts (C §2.2).
    static func list(_ rows: [JSONValue], isHead: Bool) -> Answer {
        var answer = isHead ? json(.none) : json(.array(rows))
        let count = String(rows.count)
        answer.headers[.listCount] = count
        answer.headers[.listFilterCount] = count
        answer.headers[.listTotalCount] = count
        return answer
    }

    /// No content; clients insist on the type even so (C §2).
    static var noContent: Answer {
        Answer(status: .noContent, headers: [.contentType: jsonType, .contentLength: "0"])
    }

    /// The object is as the client knows it.
    static func notModified(_ etag: String) -> Answer {
        Answer(status: .notModified, headers: [.contentType: jsonType, .eTag: etag])
    }

    /// Where to look instead.
    static func redirect(to path: String) -> Answer {
        Answer(status: .temporaryRedirect, headers: [.location: path, .contentType: jsonType])
    }

    private static let jsonType = "application/json"
}
