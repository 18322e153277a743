import JSON
import Tracker

/// Commit records as clients read them.
struct RecordView {
    private let record: HistoryRecord

    init(_ record: HistoryRecord) { self.record = record }

    /// When, who and why.
    var head: JSONObject {
        [
            "revision": JSONValue(Int(clamping: record.revision.number)), "time": .string(record.time.description),
            "principal": .string(record.principal), "reason": .string(record.reason),
            "request": .string(record.request),
            "packs": .array(
                record.packs.map { ["name": .string($0.name), "action": .string($0.action.rawValue)] }),
        ]
    }

    /// The most objects that a list of records names for each.
    static let namedObjects = 100

    /// The record with the first of the objects that `isVisible` admits; nil if it admits none.
    func summary(_ isVisible: (ObjectID) -> Bool, all: Bool) -> JSONValue? {
        let visible = record.entries.filter { isVisible($0.id) }
        guard !visible.isEmpty || all else { return nil }
        var value = head
        value["changeCount"] = JSONValue(visible.count)
        value["changes"] = .array(
            visible.prefix(Self.namedObjects).map { entry in
                [
                    "action": .string(entry.action.rawValue), "type": .string(entry.id.prefix.rawValue),
                    "key": .string(entry.id.key.string),
                ]
            })
        return .object(value)
    }

    /// What was done to one object.
    static func change(_ change: RecordedChange, _ redaction: Redaction, whole: Bool) -> JSONValue {
        self.change(change.id, change.action, change.before, change.after, redaction, whole: whole)
    }

    /// What was done to one object.
    ///
    /// - Parameter whole: whether to show before and after too, not only the difference.
    static func change(
        _ id: ObjectID, _ action: ObjectChange.Action, _ before: PastVersion, _ after: PastVersion,
        _ redaction: Redaction, whole: Bool
    ) -> JSONValue {
        var value: JSONObject = [
            "action": .string(action.rawValue), "type": .string(id.prefix.rawValue), "key": .string(id.key.string),
            "diff": redaction.diff(id.prefix, before, after),
        ]
        if whole {
            value["before"] = redaction(id.prefix, before)
            value["after"] = redaction(id.prefix, after)
        }
        return .object(value)
    }
}
