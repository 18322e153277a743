import Basics
import JSON
import Tracker

extension Snapshot {
    /// The names of the schedules that are to be looked at by `time`, earliest first.
    func schedules(toWakeBy time: Timestamp, limit: Int) -> [String] {
        guard limit > 0 else { return [] }
        var names: [String] = []
        forEachObject(.schedules, inOrderOf: .wake) { object in
            guard let wake = object.wake, wake <= time else { return false }
            names.append(object.key.string)
            return names.count < limit
        }
        return names
    }

    /// When the next schedule is to be looked at; nil if nothing is due.
    var earliestWake: Timestamp? {
        var earliest: Timestamp?
        forEachObject(.schedules, inOrderOf: .wake) { object in
            earliest = object.wake
            return false
        }
        return earliest
    }

    /// The names of the schedules that are due by a clock that was ahead of `time`; looks at all whose time has not come.
    func schedules(aheadOf time: Timestamp) -> [String] {
        var names: [String] = []
        forEachObject(.schedules, inOrderOf: .wake) { object in
            if ScheduleState(object.object).isAhead(of: time) { names.append(object.key.string) }
            return true
        }
        return names
    }

    /// The names of some schedules that a scheduler holds.
    func heldSchedules(limit: Int) -> [String] {
        var names: [String] = []
        forEachObject(.schedules, inOrderOf: .holder) { object in
            names.append(object.key.string)
            return names.count < limit
        }
        return names
    }
}

extension StoredObject {
    fileprivate var wake: Timestamp? { document.member("Wake")?.string.flatMap { Timestamp(rfc3339: $0) } }
}
