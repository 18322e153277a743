import Basics
import JSON
import Tracker

/// What schedules must be, and when the first run of one is due.
struct ScheduleRules: ObjectRules {
    /// The longest payload in bytes of JSON.
    static let longestPayload = 16 << 10
    /// The longest description in bytes.
    static let longestDescription = 1024

    /// The fields on which the due times depend.
    private static let timing = ["Cron", "TimeZone", "Every", "At", "Jitter", "Paused"]

    /// Sets when the schedule is due next, if it is new or has changed in this respect. A run that is under way goes on.
    func complete(_ object: inout JSONObject, _ change: ChangeContext) throws(TrackerError) {
        guard Self.differs(object, from: change.previous, in: Self.timing) else { return }
        // What is wrong with it is told by the check.
        guard let definition = try? ScheduleDefinition(object) else { return }
        var state = ScheduleState(object)
        let start = object["At"]?.stringValue.flatMap { Timestamp(rfc3339: $0) }
        state.plan(definition, from: definition.firstDue(now: change.environment.now(), start: start))
        state.write(to: &object)
    }

    /// Judges what is said of the schedule; not what the scheduler keeps of it, which it may always write down.
    func check(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        if change.action == .load { return findings.addError("schedules do not come in packs") }
        guard Self.differs(object, from: change.previous, in: ObjectType.definedScheduleFields) else { return }
        checkTexts(object, &findings)
        do throws(ScheduleDefinition.Problem) {
            let definition = try ScheduleDefinition(object)
            let isTimed = Self.differs(object, from: change.previous, in: Self.timing)
            if isTimed, definition.firstDue(now: change.environment.now(), start: nil) == nil {
                findings.addError("nothing is ever due")
            }
        } catch {
            findings.addError(error.text)
        }
    }

    private func checkTexts(_ object: JSONObject, _ findings: inout Findings) {
        let name = object["Name"]?.stringValue ?? ""
        if !NameRule.name.allows(name) { findings.addError("Invalid Name `\(name.prefix(40))`") }
        if object["Kind"]?.stringValue?.isEmpty ?? true { findings.addError("Kind names no handler") }
        if (object["Description"]?.stringValue ?? "").utf8.count > Self.longestDescription {
            findings.addError("Description is longer than \(Self.longestDescription) bytes")
        }
        if let payload = object["Payload"], payload.canonicalBytes().count > Self.longestPayload {
            findings.addError("Payload is longer than \(Self.longestPayload) bytes")
        }
    }

    private static func differs(_ object: JSONObject, from previous: JSONObject?, in fields: [String]) -> Bool {
        guard let previous else { return true }
        return fields.contains { object[$0] != previous[$0] }
    }
}
