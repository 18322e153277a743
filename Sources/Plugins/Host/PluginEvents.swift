import Basics
import Logging
import Tracker

/// Tells one plug-in of all that happens, in order, for as long as it serves.
struct PluginEvents: Sendable {
    private let feed: EventFeed
    private let client: PluginClient
    private let logger: Logger

    /// How long a plug-in may take for one event.
    private static let patience = Duration.seconds(30)

    init(_ feed: EventFeed, _ client: PluginClient, _ logger: Logger) {
        (self.feed, self.client, self.logger) = (feed, client, logger)
    }

    /// Tells of what comes from now on, until the task is cancelled. A plug-in so slow that what comes next is no longer kept
    /// goes on with what comes then, and the log says so.
    func run() async {
        let signal = AsyncSignal()
        var reader = feed.reader(ringing: signal)
        while !Task.isCancelled {
            do throws(EventError) {
                let groups = try await reader.read()
                if groups.isEmpty { await signal.wait() }
                for event in groups.flatMap(\.events) where !Task.isCancelled && !isLog(event) { await tell(event) }
            } catch {
                logger.warning("a plug-in misses events: it takes too long for them", metadata: ["cause": "\(error)"])
                reader = feed.reader(ringing: signal)
            }
        }
    }

    /// Whether an event is a line of the log: a plug-in that writes one for each event would never come to an end.
    private func isLog(_ event: Event) -> Bool { event.type == "log" }

    private func tell(_ event: Event) async {
        do throws(PluginError) {
            _ = try await client.ask(.publish, event.text, within: Self.patience)
        } catch  where !Task.isCancelled {
            logger.debug(
                "a plug-in does not take an event",
                metadata: ["event": "\(event.type).\(event.action)", "cause": "\(error.messages)"])
        } catch {}
    }
}
