public import JSON
import Synchronization

/// One thing that happened, as watchers are told of it (C §12). Shared by all who are told, and encoded once for them.
public final class Event: Sendable {
    /// When, in RFC 3339.
    public let time: String
    /// The object's type, or another word for events that are not of objects.
    public let type: String
    /// What was done: `create`, `update`, `save`, `delete`, or any other word.
    public let action: String
    /// The object's key.
    public let key: String
    /// Who did it.
    public let principal: String
    /// The object after the event, or before its removal; hidden fields left out.
    public let object: JSONDocument?
    /// The object before the event, where there was one and still is one.
    public let original: JSONDocument?
    /// The commit; nil for events that only those connected hear of.
    public let revision: Revision?

    private let encoded = Mutex<[UInt8]?>(nil)

    /// An event.
    public init(
        time: String, type: String, action: String, key: String, principal: String, object: JSONDocument? = nil,
        original: JSONDocument? = nil, revision: Revision? = nil
    ) {
        self.time = time
        self.type = type
        self.action = action
        self.key = key
        self.principal = principal
        self.object = object
        self.original = original
        self.revision = revision
    }

    /// The event as the public clients of C know it: canonical JSON, without the revision.
    public var text: [UInt8] {
        encoded.withLock { encoded in
            if let encoded { return encoded }
            let made = head + tail
            encoded = made
            return made
        }
    }

    /// The event as our own clients get it: with `Revision`, if it has one.
    public var numberedText: [UInt8] {
        guard let revision else { return text }
        let text = text
        let split = text.count - tail.count
        return text[..<split] + Array("\"Revision\":\(revision),".utf8) + text[split...]
    }

    /// About how many bytes the event takes.
    var size: Int { 200 + (object?.bytes.count ?? 0) + (original?.bytes.count ?? 0) }

    /// The members up to where `Revision` belongs.
    private var head: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size + key.utf8.count)
        Self.write("{\"Action\":", action, into: &bytes)
        Self.write(",\"Key\":", key, into: &bytes)
        bytes += ",\"Object\":".utf8
        bytes += object?.bytes ?? Self.null
        bytes += ",\"Original\":".utf8
        bytes += original?.bytes ?? Self.null
        Self.write(",\"Principal\":", principal, into: &bytes)
        bytes.append(UInt8(ascii: ","))
        return bytes
    }

    private var tail: [UInt8] {
        var bytes: [UInt8] = []
        Self.write("\"Time\":", time, into: &bytes)
        Self.write(",\"Type\":", type, into: &bytes)
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    private static func write(_ name: StaticString, _ text: String, into bytes: inout [UInt8]) {
        name.withUTF8Buffer { bytes += $0 }
        JSONValue.string(text).write(into: &bytes)
    }

    private static let null = Array("null".utf8)
}

extension Event {
    /// The event that a client's JSON describes, every field as it was sent; what is missing is empty (C §12).
    ///
    /// - Parameter time: used where the client gives none.
    public convenience init(_ object: JSONObject, time: String) {
        func text(_ name: String) -> String { object[name]?.stringValue ?? "" }
        func document(_ name: String) -> JSONDocument? {
            guard let value = object[name], !value.isNull else { return nil }
            return JSONDocument(value)
        }
        self.init(
            time: text("Time").isEmpty ? time : text("Time"), type: text("Type"), action: text("Action"),
            key: text("Key"), principal: text("Principal"), object: document("Object"), original: document("Original"))
    }
}
