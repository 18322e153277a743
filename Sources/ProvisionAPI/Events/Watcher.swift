import Access
import HTTPServing
import Tracker

/// Someone who watches: what they want, and what they may see of it.
struct Watcher: Sendable {
    private(set) var badge: WatcherCredentials
    /// One of them must match.
    var filters: [EventFilter] { didSet { wants = Self.wants(filters, tracker) } }
    /// All of them must hold.
    var conditions: EventConditions?

    private let tracker: DataTracker
    /// Has log lines made into events, if they are wanted.
    private var wants: EventInterest?
    /// Why the watcher has been told the last that it is told; nil while there is more.
    private var end: AccessError?

    init(
        _ badge: WatcherCredentials, _ tracker: DataTracker, filters: [EventFilter] = [],
        conditions: EventConditions? = nil
    ) {
        self.badge = badge
        self.tracker = tracker
        self.filters = filters
        self.conditions = conditions
        wants = Self.wants(filters, tracker)
    }

    /// What is told to all who see everything and want this; nil if this watcher must look for itself.
    func page(of span: EventSpan, for audience: SharedSubscription) -> SharedSubscription.Page? {
        audience.page(of: span, in: tracker.snapshot)
    }

    private static func wants(_ filters: [EventFilter], _ tracker: DataTracker) -> EventInterest? {
        let isWanted = filters.contains { $0.names(type: LogLine.eventType) }
        return isWanted ? tracker.events.want(LogLine.eventType) : nil
    }

    /// Whether the watcher has been told the last that it is told.
    var isAtEnd: Bool { end != nil }

    /// Goes on while the watcher's credentials are good.
    ///
    /// - Throws: once they are not, and the watcher has been told why.
    func goOn() throws(AccessError) { if let end { throw end } }

    /// The events of a group that the watcher is told of. That whoever it acts for is gone is the last.
    ///
    /// - Throws: when the watcher's credentials are good no more, and there is nothing to tell of that.
    mutating func pick(from group: EventGroup) throws(AccessError) -> [Event] {
        try goOn()
        var events = group.events
        if events.contains(where: badge.dependsOn) {
            do throws(AccessError) {
                try refresh()
            } catch {
                events.removeAll { !badge.isEnd($0) }
                if events.isEmpty { throw error }
                end = error
            }
        }
        var picked = events.filter { filters.want($0) && badge.admits($0, of: group) }
        if picked.isEmpty {
            try goOn()
            return picked
        }
        let redaction = Redaction(tracker.snapshot)
        if !redaction.sparesParams { picked = picked.map { redaction($0) } }
        // What is not shown is not tested either.
        return conditions.map { conditions in picked.filter { conditions.hold(of: $0) } } ?? picked
    }

    /// Looks at the watcher's rights again.
    ///
    /// - Throws: when the watcher's credentials are good no more.
    mutating func refresh() throws(AccessError) { try badge.refresh(in: tracker.snapshot) }
}

extension Sequence<EventFilter> {
    /// Whether one of them wants the event.
    ///
    /// Log lines have to be asked for by their type: who watches `*.*.*` wants to know what happens to objects, and would be
    /// told of every request beside it.
    func want(_ event: Event) -> Bool {
        contains { $0.matches(event) && (event.type != LogLine.eventType || $0.names(type: LogLine.eventType)) }
    }
}
