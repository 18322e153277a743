import Access
import Tracker

/// Someone who watches: what they want, and what they may see of it.
struct Watcher: Sendable {
    private(set) var badge: Badge
    /// One of them must match.
    var filters: [EventFilter]
    /// All of them must hold.
    var conditions: EventConditions?

    private let tracker: DataTracker

    init(_ badge: Badge, _ tracker: DataTracker, filters: [EventFilter] = [], conditions: EventConditions? = nil) {
        self.badge = badge
        self.tracker = tracker
        self.filters = filters
        self.conditions = conditions
    }

    /// The events of a group that the watcher is told of.
    ///
    /// - Throws: when the watcher's credentials are good no more.
    mutating func pick(from group: EventGroup) throws(AccessError) -> [Event] {
        let events = group.events
        if events.contains(where: badge.dependsOn) { try refresh() }
        let picked = events.filter { event in
            filters.contains { $0.matches(event) } && (conditions?.hold(of: event) ?? true)
                && badge.admits(event, of: group)
        }
        if picked.isEmpty { return picked }
        let redaction = Redaction(tracker.snapshot)
        return redaction.sparesParams ? picked : picked.map { redaction($0) }
    }

    /// Looks at the watcher's rights again.
    ///
    /// - Throws: when the watcher's credentials are good no more.
    mutating func refresh() throws(AccessError) { try badge.refresh(in: tracker.snapshot) }
}
