package import Logging

/// What the log says of a request that was answered.
///
/// Every write leads to such a line, and few of them are looked at: until then it is kept as it is, not as text in a
/// dictionary.
package struct RequestLine: Sendable {
    package let id: RequestID
    /// The client's IP address.
    package let address: String?
    /// Who asked, or a dash.
    package let principal: String
    package let method: String
    package let path: String
    package let status: Int
    /// Whether it was refused to somebody who is known.
    package let isDenied: Bool
    /// From the head of the request to its answer.
    package let duration: Duration

    /// The line of one request.
    package init(
        id: RequestID, address: String?, principal: String, method: String, path: String, status: Int, isDenied: Bool,
        duration: Duration
    ) {
        (self.id, self.address, self.principal) = (id, address, principal)
        (self.method, self.path, self.status) = (method, path, status)
        (self.isDenied, self.duration) = (isDenied, duration)
    }

    /// Where lines say that they come from.
    package static let (source, file, number) = ("HTTPServing", #fileID, #line)

    /// What it says beside its fields.
    package var message: Logger.Message { isDenied ? "request denied" : "request" }

    /// The fields by name.
    package var metadata: Logger.Metadata {
        var metadata = Logger.Metadata(minimumCapacity: 7)
        forEachField { metadata["\($0)"] = .string($1) }
        return metadata
    }

    /// Calls `body` with each field, in the order of their names.
    @inline(__always)
    package func forEachField(_ body: (_ name: StaticString, _ value: String) -> Void) {
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
    package func log(_ level: Level, _ line: RequestLine) {
        guard level >= logLevel else { return }
        if let handler = handler as? RingLogHandler, handler.isPlain {
            handler.log(level, line)
        } else {
            log(level: level, line.message, metadata: line.metadata)
        }
    }
}
