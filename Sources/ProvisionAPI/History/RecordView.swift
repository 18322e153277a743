import Access
import Basics
import HTTPServing
import JSON
import Tracker

/// Commit records as a client may read them.
struct RecordView {
    /// What was done to objects that the client sees.
    let entries: [HistoryRecord.Entry]
    /// Whether the client may know that the record is there.
    let isShown: Bool
    /// Whether the client sees all that was changed.
    let isComplete: Bool

    private let record: HistoryRecord
    private let readAuthorization: ReadAuthorization

    /// The view of `record` that somebody has.
    ///
    /// - Parameters:
    ///   - readAuthorization: what they may get.
    ///   - snapshot: the newest state.
    init(_ record: HistoryRecord, _ readAuthorization: ReadAuthorization, in snapshot: Snapshot) {
        (self.record, self.readAuthorization) = (record, readAuthorization)
        let told = record.entries.filter { snapshot.catalog[$0.id.typeName]?.isSecret != true }
        entries = told.filter { readAuthorization.sees($0.id, in: snapshot) }
        isComplete = entries.count == told.count
        isShown = readAuthorization.isUnrestricted || !entries.isEmpty
    }

    /// When, who and why.
    var head: JSONObject {
        [
            "revision": JSONValue(Int(clamping: record.revision.number)), "time": .string(record.time.description),
            "principal": .string(record.principal), "reason": .string(record.reason),
            "request": .string(record.request),
            "packs": .array(
                record.packs.filter { readAuthorization["contents"].covers($0.name) }.map {
                    ["name": .string($0.name), "action": .string($0.action.rawValue)]
                }),
        ]
    }

    /// The most objects that a list of records names for each.
    static let namedObjects = 100

    /// The record with the first of its objects; nil if the client may not know of it.
    var summary: JSONValue? {
        guard isShown else { return nil }
        var value = head
        value["changeCount"] = JSONValue(entries.count)
        value["changes"] = .array(
            entries.prefix(Self.namedObjects).map { entry in
                [
                    "action": .string(entry.action.rawValue), "type": .string(entry.id.typeName.rawValue),
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
            "action": .string(action.rawValue), "type": .string(id.typeName.rawValue), "key": .string(id.key.string),
            "diff": redaction.diff(id.typeName, before, after),
        ]
        if whole {
            value["before"] = redaction(id.typeName, before)
            value["after"] = redaction(id.typeName, after)
        }
        return .object(value)
    }
}
