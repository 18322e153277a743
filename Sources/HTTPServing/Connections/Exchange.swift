import Basics
import JSON
import NIOHTTP1

/// One request that is being read or answered, as far as HTTP itself has a say in it: versions, the end of the connection,
/// `100 Continue`, and how bodies are delimited (RFC 9110 §10.1.1, RFC 9112 §6, §9).
struct Exchange {
    /// How the end of an answer's body is told.
    enum Framing {
        /// By its length, which the head tells; or there is no body.
        case length
        /// By chunks.
        case chunks
        /// By the end of the connection.
        case close
    }

    /// Whether the client speaks HTTP/1.0.
    let isOld: Bool
    /// The length of the request's body; nil if it comes in chunks.
    let bodyLength: Int?
    /// Whether the connection goes on after it.
    var keepsAlive: Bool
    /// Whether the client waits to be told to send the body.
    var awaitsContinue = false
    /// Whether all of the request is there.
    var isComplete = false

    /// The exchange that a head begins.
    ///
    /// - Parameter bodyLimit: the longest body that a client is told to send.
    /// - Throws: `HeadRefusal` for an expectation that cannot be met.
    init(_ head: HTTPRequestHead, bodyLimit: Int) throws(HeadRefusal) {
        isOld = head.version == .http1_0
        keepsAlive = head.isKeepAlive
        let length = head.headers.first(name: "content-length").flatMap { Int($0) }
        bodyLength = head.headers.contains(name: "transfer-encoding") ? nil : length ?? 0
        guard !isOld, let expectation = head.headers.first(name: "expect") else { return }
        guard head.headers["expect"].count == 1, expectation.asciiLowercased.hasSameUTF8(as: "100-continue") else {
            throw HeadRefusal(.expectationFailed, "The only expectation that can be met is 100-continue")
        }
        // Who announces too much is refused unread, and may have sent the body or not: nobody can tell what follows.
        awaitsContinue = (length ?? 0) <= bodyLimit
        keepsAlive = keepsAlive && awaitsContinue
    }

    /// How the body of an answer is delimited. One of unknown length ends with the connection if the client knows no chunks.
    ///
    /// - Parameters:
    ///   - hasLength: whether its length is known.
    ///   - endsConnection: whether the answer itself says that the connection ends.
    mutating func frame(hasLength: Bool, endsConnection: Bool) -> Framing {
        if endsConnection { keepsAlive = false }
        if hasLength { return .length }
        guard isOld else { return .chunks }
        keepsAlive = false
        return .close
    }

    /// What `Connection` must say in the answer; nil where nothing need be said.
    var connectionField: StaticString? {
        if !keepsAlive { return "close" }
        return isOld ? "keep-alive" : nil
    }
}
