import Basics
import JSON

/// What playing machines came to.
struct SimulationReport: Sendable {
    /// One kind of request.
    struct Row: Sendable {
        /// What the runner wanted with it.
        let kind: String
        /// How long they took.
        let latencies: LatencyHistogram
    }

    let machines: Int
    /// How long it took, in seconds.
    let seconds: Double
    let jobs: Int
    let failures: Int
    let boots: Int
    let logBytes: Int
    let rows: [Row]

    private func rate(_ count: Int) -> Double { seconds > 0 ? Double(count) / seconds : 0 }

    /// The report for programs.
    var value: JSONValue {
        let requests = rows.map { row -> JSONValue in
            [
                "request": .string(row.kind), "count": JSONValue(row.latencies.count),
                "perSecond": Self.number(rate(row.latencies.count)), "p50": Self.number(row.latencies.quantile(0.5)),
                "p99": Self.number(row.latencies.quantile(0.99)),
                "longest": Self.number(row.latencies.longest / .milliseconds(1)),
            ]
        }
        return [
            "machines": JSONValue(machines), "seconds": Self.number(seconds), "jobs": JSONValue(jobs),
            "jobsPerSecond": Self.number(rate(jobs)), "failures": JSONValue(failures), "boots": JSONValue(boots),
            "logBytes": JSONValue(logBytes), "logBytesPerSecond": Self.number(rate(logBytes)),
            "requests": .array(requests),
        ]
    }

    /// The report for people.
    var text: String {
        var table = Table(["request", "count", "per second", "p50 ms", "p99 ms", "longest ms"])
        for row in rows {
            let latencies = row.latencies
            table.add([
                row.kind, String(latencies.count), Self.text(rate(latencies.count)), Self.text(latencies.quantile(0.5)),
                Self.text(latencies.quantile(0.99)), Self.text(latencies.longest / .milliseconds(1)),
            ])
        }
        return """
            \(machines) machines, \(jobs) jobs in \(Self.text(seconds)) s: \(Self.text(rate(jobs))) jobs/s; \
            \(failures) failures, \(boots) boots, \(logBytes) bytes of logs

            """ + table.text(table.widths(limit: nil), hasHeadings: true)
    }

    /// A number with one digit after the point.
    private static func text(_ number: Double) -> String {
        let tenths = Int((number * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    private static func number(_ number: Double) -> JSONValue { (try? JSONValue(parsing: text(number))) ?? 0 }
}
