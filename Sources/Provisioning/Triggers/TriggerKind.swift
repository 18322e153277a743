import Basics
import JSON
import Tracker

/// The kinds of occasions on which triggers fire: each is a trigger provider of that name, and reads params of its own.
enum TriggerKind: String, CaseIterable, Sendable {
    /// At certain times.
    case cron = "cron-trigger"
    /// When something happened on this server.
    case event = "event-trigger"
    /// When somebody asks for it over HTTP.
    case webhook = "webhook-trigger"

    /// The kind of a trigger; nil where its provider is none of these.
    init?(of trigger: JSONObject) {
        let name = trigger.text("TriggerProvider")
        guard let kind = Self.allCases.first(where: { $0.rawValue.hasSameUTF8(as: name) }) else { return nil }
        self = kind
    }

    /// A cron expression.
    static let timeParam = "cron-trigger/time-string"
    /// The zone of a cron expression.
    static let zoneParam = "cron-trigger/time-zone"
    /// An interval, as `15m`, in the place of a cron expression.
    static let intervalParam = "cron-trigger/interval"
    /// Which events, as watchers register for them.
    static let matchParam = "event-trigger/event-match"
    /// What callers must know; sealed.
    static let secretParam = "webhook-trigger/secret"

    /// What is said of the kind.
    private var description: String {
        switch self {
        case .cron: "Fires at the times of a cron expression, or every so often"
        case .event: "Fires when an event on this server matches"
        case .webhook: "Fires when somebody who knows its secret posts to /webhooks/NAME"
        }
    }

    /// The params that a trigger of the kind may have.
    private var optional: [String] {
        self == .cron ? [Self.timeParam, Self.intervalParam, Self.zoneParam] : []
    }

    /// The params that a trigger of the kind must have.
    private var required: [String] {
        switch self {
        case .cron: []
        case .event: [Self.matchParam]
        case .webhook: [Self.secretParam]
        }
    }

    /// The provider that stands for the kind.
    var provider: JSONObject {
        [
            "Name": .string(rawValue), "Description": .string(description), "NoURL": .bool(self != .webhook),
            "Method": self == .webhook ? "POST" : "", "RequiredParameters": JSONValue(required),
            "OptionalParameters": JSONValue(optional),
        ]
    }

    /// What is wrong with the params of a trigger; nil if nothing is.
    func problem(with params: JSONObject) -> String? {
        switch self {
        case .cron:
            let given = [Self.timeParam, Self.intervalParam].filter { !params.text($0).isEmpty }
            return given.count == 1
                ? nil : "a \(rawValue) has either the param \(Self.timeParam) or \(Self.intervalParam)"
        case .event:
            let text = params.text(Self.matchParam)
            if text.isEmpty { return "an \(rawValue) has the param \(Self.matchParam), such as machines.create.*" }
            do throws(EventError) {
                _ = try EventFilter(text)
                return nil
            } catch { return "\(Self.matchParam): \(error)" }
        case .webhook:
            return params[Self.secretParam] == nil ? "a \(rawValue) has the param \(Self.secretParam)" : nil
        }
    }
}
