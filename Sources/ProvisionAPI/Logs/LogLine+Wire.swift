import Basics
import HTTPServing
import JSON
import Logging
import Tracker

/// A line of the log as `GET /logs` shows it (C §5.4).
extension LogLine {
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
