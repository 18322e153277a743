import Synchronization

extension ServerMetrics {
    /// What happens to connections beside being answered.
    enum ConnectionEvent: Hashable, Sendable {
        /// A client did not read what was sent to it, and was cut off.
        case unread
        /// A connection was still busy when the time for stopping was over.
        case shutdown
        /// A client's address had as many connections as it may have.
        case addressFull
        /// There were as many connections as descriptors allow; new ones wait.
        case acceptPaused
        /// A head could not be parsed and was refused with this status.
        case headRefused(Int)
        /// A line of the log was dropped, since its reader does not keep up.
        case logLineDropped
    }

    /// Counts an event.
    func count(_ event: ConnectionEvent, times: Int = 1) {
        connectionEvents.withLock { $0[event, default: 0] += times }
    }

    /// The counts of connections in Prometheus' text format.
    var connectionText: String {
        let counts = connectionEvents.withLock { $0 }
        func samples(_ events: [(String, ConnectionEvent)]) -> [(String, Int)] {
            events.map { ($0.0, counts[$0.1] ?? 0) }
        }
        let heads = [400, 417, 431, 501, 505].map { ("{status=\"\($0)\"}", ConnectionEvent.headRefused($0)) }
        return Self.family(
            "muster_connections_cut_total", "Connections ended before their answers were taken.",
            samples([("{reason=\"unread\"}", .unread), ("{reason=\"shutdown\"}", .shutdown)]))
            + Self.family(
                "muster_connections_refused_total", "Connections of addresses that had too many.",
                samples([("", .addressFull)]))
            + Self.family(
                "muster_accept_pauses_total", "Times that new connections had to wait for free descriptors.",
                samples([("", .acceptPaused)]))
            + Self.family("muster_heads_refused_total", "Requests that could not be parsed.", samples(heads))
            + Self.family(
                "muster_log_lines_dropped_total", "Lines that the reader of the log was too slow for.",
                samples([("", .logLineDropped)]))
    }
}
