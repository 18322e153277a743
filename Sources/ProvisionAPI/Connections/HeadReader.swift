import Basics
import HTTPServing
import HTTPTypes
import JSON
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// Reads the heads of one connection's requests, so far as they ask for nothing beside a plain answer.
///
/// A client mostly sends the same fields with every request. Those of the last one are kept as they were read: to compare
/// them takes a fraction of the time.
struct HeadReader {
    /// What a head says.
    struct Reading: Equatable {
        var request: HTTPRequest
        /// What its fields show of who asks; nil if nothing that can be read.
        let credentials: Credentials?
    }

    private var last: (head: HTTPRequestHead, reading: Reading)?

    /// What this head says; nil if it is not plain, or no HTTP/1.1.
    mutating func read(_ head: HTTPRequestHead) -> Reading? {
        // A whole URL is left to the conversion, which takes it apart (RFC 9112 §3.2.2).
        if let last, head.uri.utf8.first == UInt8(ascii: "/"), last.head.hasSameFields(as: head) {
            var reading = last.reading
            reading.request.path = head.uri
            return reading
        }
        guard head.version == .http1_1, let request = try? HTTPRequest(head, secure: false, splitCookie: false),
            Self.isPlain(request.headerFields)
        else { return nil }
        let reading = Reading(request: request, credentials: Credentials(request.headerFields, nil))
        last = (head, reading)
        return reading
    }

    private static func isPlain(_ headers: HTTPFields) -> Bool {
        headers.allSatisfy { field in
            switch field.name {
            // They ask for waiting, conditions, streams or another protocol.
            case .expect, .ifMatch, .ifNoneMatch, .prefer, .transferEncoding, .upgrade: false
            case .connection: field.value.asciiLowercased.hasSameUTF8(as: "keep-alive")
            case .contentLength: Int(field.value).map { $0 <= InlineRequestHandler.longestBody } ?? false
            default: true
            }
        }
    }
}

extension HTTPRequestHead {
    /// Whether all but the target is the same, to the letter.
    fileprivate func hasSameFields(as other: HTTPRequestHead) -> Bool {
        version == other.version && method == other.method && headers.count == other.headers.count
            && zip(headers, other.headers).allSatisfy { $0.name == $1.name && $0.value.hasSameUTF8(as: $1.value) }
    }
}
