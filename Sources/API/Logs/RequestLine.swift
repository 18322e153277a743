import Logging

/// What the log says of a request that was answered.
///
/// Every write leads to such a line, and few of them are looked at: until then it is kept as it is, not as text in a
/// dictionary.
struct RequestLine: Sendable {
    let id: RequestID
    /// The client's IP address.
    let address: String?
    /// Who asked, or a dash.
    let principal: String
    let method: String
    let path: String
    let status: Int
    /// Whether it was refused to somebody who is known.
    let isDenied: Bool
    /// From the head of the request to its answer.
    let duration: Duration

    /// Where lines say that they come from.
    static let (source, file, number) = ("API", #fileID, #line)

    /// What it says beside its fields.
    var message: Logger.Message { isDenied ? "request denied" : "request" }

    /// The fields by name.
    var metadata: Logger.Metadata {
        var metadata = Logger.Metadata(minimumCapacity: 7)
        forEachField { metadata["\($0)"] = .string($1) }
        return metadata
    }

    /// Calls `body` with each field, in the order of their names.
    @inline(__always)
    func forEachField(_ body: (_ name: StaticString, _ value: String) -> Void) {
        if let address { body("address", address) }
        body("duration", Self.text(duration))
        body("method", method)
        body("path", path)
        body("principal", principal)
        body("request", id.description)
        body("status", String(status))
    }

    /// Seconds to the microsecond: `0.000653 s`.
    private static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let microseconds = String(attoseconds / 1_000_000_000_000 + 1_000_000)
        return "\(seconds).\(microseconds.dropFirst()) s"
    }
}

extension Logger {
    /// Logs that a request was answered, as it is if the handler is one that keeps it so.
    func log(_ level: Level, _ line: RequestLine) {
        guard level >= logLevel else { return }
        if let handler = handler as? RingLogHandler, handler.isPlain {
            handler.log(level, line)
        } else {
            log(level: level, line.message, metadata: line.metadata)
        }
    }
}
