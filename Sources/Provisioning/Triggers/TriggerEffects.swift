import JSON
import Tracker

/// What else comes of triggers: those that fire at certain times have a schedule, and the secret of one that is called over HTTP
/// is sealed.
struct TriggerEffects: DraftEffects {
    /// The kind of work that schedules of triggers ask for.
    static let work = "trigger"

    var looksAt: [TypeName] { ["schedules", "params"] }

    /// Has secrets sealed from the first on: that is up to their param.
    func prepare(_ object: inout JSONObject, _ change: ChangeContext, in draft: inout Draft) throws(TrackerError) {
        guard object.members("Params")[TriggerKind.secretParam] != nil,
            !draft.view.contains("params", TriggerKind.secretParam)
        else { return }
        try draft.createAsServer(
            "params",
            [
                "Name": .string(TriggerKind.secretParam), "Secure": true, "Schema": ["type": "string", "minLength": 8],
                "Description": "What callers of a webhook-trigger must know",
            ])
    }

    func follow(_ change: ObjectChange, in draft: inout Draft) throws(TrackerError) {
        let name = "trigger-\(change.id.key)"
        let isThere = draft.view.contains("schedules", name)
        guard let trigger = change.after?.object, trigger.flag("Enabled"), TriggerKind(of: trigger) == .cron else {
            if isThere { try draft.removeAsServer("schedules", at: name) }
            return
        }
        let params = trigger.members("Params")
        let timing: JSONObject = [
            "Cron": .string(params.text(TriggerKind.timeParam)),
            "Every": .string(params.text(TriggerKind.intervalParam)),
            "TimeZone": .string(params.text(TriggerKind.zoneParam)),
        ]
        guard isThere else {
            let fields: JSONObject = [
                "Name": .string(name), "Kind": .string(Self.work), "Owner": .string("triggers/\(change.id.key)"),
                "Payload": ["Trigger": .string(change.id.key.string)],
            ]
            try draft.createAsServer("schedules", fields.merging(timing) { $1 })
            return
        }
        try draft.updateAsServer("schedules", at: name) { object in object = object.merging(timing) { $1 } }
    }
}
