import Basics
import JSON
public import Tracker

extension ScheduledWork {
    /// Brings the schedules of an owner to what it declares, in one commit; in none if they are that already.
    ///
    /// What the owner declared before and does not any more goes, in whatever state it is.
    ///
    /// - Parameters:
    ///   - works: all of this owner.
    ///   - owner: a domain's name.
    /// - Throws: `invalid` when one is no schedule; `unavailable` when the store fails.
    public static func establish(
        _ works: [ScheduledWork], of owner: String, in tracker: DataTracker
    ) async throws(TrackerError) {
        var wanted: [Identifier: JSONObject] = [:]
        for work in works {
            for schedule in work.schedules {
                let fixed: JSONObject = [
                    "Name": .string(schedule.name), "Kind": .string(work.name), "Owner": .string(owner),
                ]
                wanted[Identifier(schedule.name)] = schedule.fields.merging(fixed) { $1 }
            }
        }
        let request = TrackerRequest.system("schedules of \(owner)").writing(
            WriteScope([.schedules], count: wanted.count))
        _ = try await tracker.commit(request) { [wanted] draft throws(TrackerError) in
            for key in draft.view.keys(.schedules, where: .owner, is: owner) where wanted[Identifier(key.string)] == nil
            {
                try draft.removeAsServer(.schedules, at: key.string)
            }
            for (name, fields) in wanted { try establish(name.text, fields, in: &draft) }
        }
    }

    private static func establish(
        _ name: String, _ fields: JSONObject, in draft: inout Draft
    ) throws(TrackerError) {
        guard let existing = draft.view.object(.schedules, name)?.object else {
            try draft.createAsServer(.schedules, fields)
            return
        }
        let wanted: JSONObject
        do {
            wanted = try draft.type(.schedules).schema.decode(fields)
        } catch let error as FieldTypeError {
            throw TrackerError(.undecodable, .schedules, key: name, error.description)
        } catch {
            throw TrackerError(.internalFault, .schedules, key: name, "\(error)")
        }
        let names = ObjectType.definedScheduleFields
        guard names.contains(where: { existing[$0] != wanted[$0] }) else { return }
        try draft.updateAsServer(.schedules, at: name) { object in for name in names { object[name] = wanted[name] } }
    }
}
