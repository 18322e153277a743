import JSON
import Logging
import Tracker

/// One line of the log as `GET /logs` shows it (C §5.4).
struct LogLine: Sendable {
    let sequence: Int
    let time: Timestamp
    let service: String
    let level: Logger.Level
    let file: String
    let line: Int
    let content: Content

    /// What it says.
    enum Content: Sendable {
        case text(Logger.Message, Logger.Metadata)
        case request(RequestLine)
    }

    /// The line's text.
    var message: String {
        switch content {
        case .text(let message, _): message.description
        case .request(let line): line.message.description
        }
    }

    /// What it says beside that.
    var metadata: Logger.Metadata {
        switch content {
        case .text(_, let metadata): metadata
        case .request(let line): line.metadata
        }
    }

    /// The encoder form. What the line says beside its message goes into `Data` as one object.
    var value: JSONValue {
        var data = metadata
        let principal = data.removeValue(forKey: "principal")
        return [
            "Group": 0, "Seq": JSONValue(sequence), "Time": .string("\(time)"), "Service": .string(service),
            "Principal": .string(principal?.description ?? ""), "Level": .string(level.wireName),
            "File": .string(file), "Line": JSONValue(line), "Message": .string(message), "IgnorePublish": false,
            "Data": data.isEmpty ? [] : [Self.value(of: data)],
        ]
    }

    private static func value(of metadata: Logger.Metadata) -> JSONValue {
        .object(JSONObject(metadata.map { ($0.key, .string($0.value.description)) }))
    }
}

extension LogLine {
    /// The type of events of lines, and the word for them in claims.
    static let eventType = "log"
    static let scope = "logs"

    /// The event that those hear of who watch the log: `log.<level>.<service>` (C §12).
    var event: Event {
        Event(
            time: "\(time)", type: Self.eventType, action: level.wireName, key: service,
            principal: metadata["principal"]?.description ?? "", object: JSONDocument(value))
    }
}

extension Logger.Level {
    /// The level that a client or a preference names; dr-provision knows more names than we have levels (C §13).
    init?(wireName name: String) {
        switch name.asciiLowercased {
        case "trace": self = .trace
        case "debug", "2": self = .debug
        case "info", "audit", "1": self = .info
        case "notice": self = .notice
        case "warn", "warning", "0": self = .warning
        case "error": self = .error
        case "fatal", "panic", "critical": self = .critical
        default: return nil
        }
    }

    /// The level's name on the encoder.
    var wireName: String {
        switch self {
        case .trace: "trace"
        case .debug: "debug"
        case .info, .notice: "info"
        case .warning: "warn"
        case .error: "error"
        case .critical: "fatal"
        }
    }
}
