import Basics
import HTTPTypes
import JSON
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// Reads the heads of one connection's requests.
///
/// A client mostly sends the same fields with every request. Those of the last one are kept as they were read, with what
/// they show of who asks: to compare them takes a fraction of the time.
struct HeadReader {
    /// What a head says.
    struct Reading: Equatable {
        var request: HTTPRequest
        /// What its fields show of who asks; nil if nothing that can be read.
        let credentials: Credentials?
    }

    private var last: (head: HTTPRequestHead, facade: Int, reading: Reading)?

    /// What this head says; nil if it makes no sense.
    ///
    /// - Parameters:
    ///   - facade: the number of the facade that it goes to, each of which reads credentials in its own way.
    ///   - credentials: what the facade finds in the fields.
    mutating func read(
        _ head: HTTPRequestHead, for facade: Int, credentials: (HTTPFields) -> Credentials?
    ) -> Reading? {
        // A whole URL is left to the conversion, which takes it apart (RFC 9112 §3.2.2).
        if let last, head.uri.utf8.first == UInt8(ascii: "/"), last.facade == facade,
            last.head.hasSameFields(as: head)
        {
            var reading = last.reading
            reading.request.path = head.uri
            return reading
        }
        guard let request = try? HTTPRequest(head, secure: false, splitCookie: false) else { return nil }
        let reading = Reading(request: request, credentials: credentials(request.headerFields))
        last = (head, facade, reading)
        return reading
    }
}

extension HTTPRequestHead {
    /// Whether all but the target is the same, to the letter.
    fileprivate func hasSameFields(as other: HTTPRequestHead) -> Bool {
        version == other.version && method == other.method && headers.count == other.headers.count
            && zip(headers, other.headers).allSatisfy { $0.name == $1.name && $0.value.hasSameUTF8(as: $1.value) }
    }
}
