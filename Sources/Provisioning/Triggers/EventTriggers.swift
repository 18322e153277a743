import Access
import Basics
import JSON
import Logging
import Tracker

/// Fires triggers when events match. How far it has come is kept in the store, with the orders that it makes, so that no event is
/// missed by a restart; what is looked at twice makes no second order.
struct EventTriggers: Sendable {
    /// Where the place in the stream of events is kept.
    static let keyspace = SideKeyspace("trigger_events", isBackedUp: false)
    private static let subject: ByteString = "cursor"
    private static let item: [UInt8] = [0]
    /// After how many commits without a firing the place is kept anyway.
    private static let longestUnsaved: UInt64 = 10_000

    private let authenticator: Authenticator
    private let tracker: DataTracker
    private let logger: Logger

    /// The service that does it.
    static func service(_ authenticator: Authenticator) -> DomainService {
        DomainService("event-triggers") { tracker, logger in
            await EventTriggers(authenticator: authenticator, tracker: tracker, logger: logger).run()
        }
    }

    /// Works until the server stops. A store that fails for a while only makes it wait.
    private func run() async {
        while !Task.isCancelled {
            do {
                try await work()
            } catch is CancellationError {
                return
            } catch {
                logger.error("event triggers wait for the store", metadata: ["cause": "\(error)"])
                try? await tracker.environment.sleep(for: .seconds(1))
            }
        }
    }

    /// Watches for as long as there are triggers that want it.
    private func work() async throws {
        let view = tracker.snapshot
        guard triggers(in: view).isEmpty else { return try await watch() }
        try await save(nil)
        _ = try await tracker.snapshot(after: view.revision, for: .type("triggers"))
    }

    private func watch() async throws {
        let signal = AsyncSignal()
        var reader = try await reader(signal)
        var saved = reader.cursor
        while !Task.isCancelled {
            let groups: [EventGroup]
            do throws(EventError) {
                groups = try await reader.read()
            } catch {
                logger.error("event triggers miss events", metadata: ["cause": "\(error)"])
                return try await save(nil)
            }
            let triggers = triggers(in: tracker.snapshot)
            if triggers.isEmpty { return }
            for group in groups {
                guard let revision = group.revision else { continue }
                for (number, event) in group.events.enumerated() {
                    for trigger in triggers where trigger.matches(event) {
                        try await fire(trigger.name, event, "\(tracker.events.cursor(after: revision)).\(number)")
                    }
                }
            }
            if let last = groups.last?.revision,
                last.number > saved.revision.number + Self.longestUnsaved || fired(groups, triggers)
            {
                saved = reader.cursor
                try await save(saved)
            }
            if groups.isEmpty { await signal.wait() }
        }
    }

    private func fired(_ groups: [EventGroup], _ triggers: [EventTrigger]) -> Bool {
        groups.contains { group in group.events.contains { event in triggers.contains { $0.matches(event) } } }
    }

    /// - Throws: `unavailable`: what was not looked at yet is looked at again once the store can be written.
    private func fire(_ trigger: String, _ event: Event, _ id: String) async throws(TrackerError) {
        let data = (try? JSONValue(parsing: event.text)) ?? .null
        let machine =
            switch event.type {
            case "machines": event.key
            default: event.object?.member("Machine")?.string
            }
        let run = TriggerRun(trigger, id: id, data: data, machine: machine)
        do throws(TrackerError) {
            try await run.fire(on: tracker, authenticator)
        } catch {
            if error.code == .unavailable { throw error }
            logger.warning(
                "a trigger did not fire", metadata: ["trigger": "\(trigger)", "event": "\(id)", "cause": "\(error)"])
        }
    }

    // MARK: The place in the stream

    private func reader(_ signal: AsyncSignal) async throws -> EventReader {
        let kept = try await tracker.sideData(Self.keyspace.name, of: Self.subject, limit: 1).entries.first
        guard let cursor = kept.flatMap({ EventCursor(String(decoding: $0.value, as: UTF8.self)) }) else {
            let reader = tracker.events.reader(ringing: signal)
            try await save(reader.cursor)
            return reader
        }
        do throws(EventError) {
            return try await tracker.events.reader(from: .after(cursor), ringing: signal)
        } catch {
            logger.error("event triggers miss events", metadata: ["cause": "\(error)"])
            return tracker.events.reader(ringing: signal)
        }
    }

    private func save(_ cursor: EventCursor?) async throws(TrackerError) {
        if cursor == nil {
            let kept = try await tracker.sideData(Self.keyspace.name, of: Self.subject, limit: 1).entries
            if kept.isEmpty { return }
        }
        let request = TrackerRequest.system("event triggers have come this far").writing(WriteScope([]))
        _ = try await tracker.commit(request) { draft throws(TrackerError) in
            guard let cursor else { return draft.trim(Self.keyspace.name, of: Self.subject) }
            let text = Array(cursor.description.utf8)
            try draft.append(text, to: Self.keyspace.name, of: Self.subject, at: Self.item)
        }
    }

    // MARK: Triggers

    /// A trigger, and the events that it wants.
    private struct EventTrigger {
        let name: String
        let filter: EventFilter

        /// Whether an event is to fire it. What it did itself is not.
        func matches(_ event: Event) -> Bool {
            filter.matches(event) && !event.principal.hasSameUTF8(as: "trigger:\(name)")
        }
    }

    private func triggers(in view: Snapshot) -> [EventTrigger] {
        view.keys("triggers", where: .field("TriggerProvider"), is: TriggerKind.event.rawValue).compactMap { key in
            guard let trigger = view[ObjectID("triggers", key)]?.object, trigger.flag("Enabled"),
                let filter = try? EventFilter(trigger.members("Params").text(TriggerKind.matchParam))
            else { return nil }
            return EventTrigger(name: key.string, filter: filter)
        }
    }
}
