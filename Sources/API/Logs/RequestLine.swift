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
    /// From the head of the request to its answer.
    let duration: Duration

    init(
        id: RequestID, address: String?, principal: String, method: String, path: String, status: Int,
        duration: Duration
    ) {
        self.id = id
        self.address = address
        self.principal = principal
        self.method = method
        self.path = path
        self.status = status
        self.duration = duration
    }

    /// The one entry that a handler gets.
    var metadata: Logger.Metadata { [Self.name: .stringConvertible(self)] }

    /// The line in the metadata of a handler, if that is nothing else.
    init?(only metadata: Logger.Metadata?) {
        guard let metadata, metadata.count == 1, case .stringConvertible(let value)? = metadata[Self.name],
            let line = value as? RequestLine
        else { return nil }
        self = line
    }

    private static let name = "request line"

    /// The fields by name.
    var fields: [(name: String, value: String)] {
        var fields = [
            ("duration", Self.text(duration)), ("method", method), ("path", path), ("principal", principal),
            ("request", id.description), ("status", String(status)),
        ]
        if let address { fields.insert(("address", address), at: 0) }
        return fields
    }

    /// Seconds to the microsecond: `0.000653 s`.
    private static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let microseconds = String(attoseconds / 1_000_000_000_000 + 1_000_000)
        return "\(seconds).\(microseconds.dropFirst()) s"
    }
}

extension RequestLine: CustomStringConvertible {
    /// The fields as handlers show them that know nothing of such lines.
    var description: String { fields.map { "\($0.name)=\($0.value)" }.joined(separator: " ") }
}

extension Logger.Metadata {
    /// What a line says beside its message, by name.
    var spelledOut: Logger.Metadata {
        var all = self
        for (name, value) in self {
            guard case .stringConvertible(let value) = value, let line = value as? RequestLine else { continue }
            all[name] = nil
            for (name, value) in line.fields { all[name] = .string(value) }
        }
        return all
    }
}
