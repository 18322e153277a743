import JSON

/// A refusal as plug-ins send it: `{"Code", "Key", "Messages", "Model", "Type"}` (C §3, §18).
public struct PluginError: Error, Sendable, Hashable {
    /// The HTTP status.
    public var code: Int
    /// What kind of refusal.
    public var type: String
    /// What it is about.
    public var model: String
    /// The key of what it is about.
    public var key: String
    /// One sentence a problem, one at least.
    public var messages: [String]

    /// A refusal.
    public init(_ code: Int, _ type: String, model: String = "", key: String = "", _ messages: [String]) {
        (self.code, self.type, self.model, self.key, self.messages) = (code, type, model, key, messages)
    }

    /// A refusal that is about nothing but the plug-in.
    public init(_ code: Int, _ messages: [String]) { self.init(code, "", messages) }

    /// How many messages are taken over, and how long each may be in bytes.
    private static let mostMessages = (count: 100, bytes: 4_096)

    /// The refusal in the body of an answer; of a body that holds none, what can be said of it.
    ///
    /// Plug-ins answer a refused configuration with an error whose messages are errors in JSON: of those, the messages count.
    ///
    /// - Parameter status: the answer's status, for a body without a code.
    public init(body: [UInt8], status: Int) {
        guard let value = try? JSONValue(parsing: body), case .object(let object) = value else {
            let text = String(decoding: body.prefix(500), as: UTF8.self)
            self.init(status, [text.isEmpty ? "The plug-in answered with the status \(status)" : text])
            return
        }
        self.init(object, status: status)
    }

    private init(_ object: JSONObject, status: Int) {
        func text(_ name: String) -> String { object[name]?.stringValue ?? "" }
        let code = object["Code"]?.intValue ?? 0
        let given = (object["Messages"]?.arrayValue ?? []).compactMap(\.stringValue)
        let messages = given.prefix(Self.mostMessages.count).flatMap(Self.unwrapped).map(Self.bounded)
        self.init(
            (400...599).contains(code) ? code : status, text("Type"), model: text("Model"), key: text("Key"),
            messages.isEmpty ? ["The plug-in answered with the status \(status)"] : messages)
    }

    /// The messages of an error that a message holds in JSON; else the message itself.
    private static func unwrapped(_ message: String) -> [String] {
        guard message.utf8.first == UInt8(ascii: "{"), let inner = try? JSONValue(parsing: Array(message.utf8)),
            let messages = inner["Messages"]?.arrayValue?.compactMap(\.stringValue), !messages.isEmpty
        else { return [message] }
        return Array(messages.prefix(mostMessages.count))
    }

    private static func bounded(_ message: String) -> String {
        message.utf8.count <= mostMessages.bytes
            ? message : String(decoding: message.utf8.prefix(mostMessages.bytes), as: UTF8.self)
    }
}

extension PluginError {
    /// The body that tells it.
    var document: JSONDocument {
        JSONDocument([
            "Code": JSONValue(code), "Key": .string(key), "Messages": JSONValue(messages), "Model": .string(model),
            "Type": .string(type),
        ])
    }
}
