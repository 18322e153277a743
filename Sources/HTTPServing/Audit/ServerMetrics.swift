import Basics
import JSON
import Synchronization

/// Counts of what happened since the start. They name nobody: who it was is in the log.
public final class ServerMetrics: Sendable {
    /// What became of a login.
    package enum Outcome: String, CaseIterable, Sendable { case granted, refused, limited }

    /// How somebody made themselves known.
    package enum Method: String, CaseIterable, Sendable { case password, token, certificate, none }

    private struct Counts: Sendable {
        var logins: [Method: [Outcome: Int]] = [:]
        var denied = 0
        var tokens = 0
        /// Answers by the first digit of their status, from 1 to 5.
        var answers = [0, 0, 0, 0, 0]
    }

    private let counts = Mutex(Counts())
    let timings = Mutex<[Identifier: Timing]>([:])
    let gauges = Mutex<[Identifier: Level]>([:])
    let connectionEvents = Mutex<[ConnectionEvent: Int]>([:])

    /// Nothing counted yet.
    public init() {}

    /// Counts a login: a password looked at, a token or certificate that was no good.
    package func count(login method: Method, _ outcome: Outcome) {
        counts.withLock { $0.logins[method, default: [:]][outcome, default: 0] += 1 }
    }

    /// Counts a request of somebody known who may not make it.
    package func countDenied() { counts.withLock { $0.denied += 1 } }

    /// Counts a token that was given out.
    package func countToken() { counts.withLock { $0.tokens += 1 } }

    /// Counts an answer.
    package func count(status: Int) {
        counts.withLock { $0.answers[max(1, min(5, status / 100)) - 1] += 1 }
    }

    /// The counts in Prometheus' text format, version 0.0.4.
    public var text: String {
        let counts = counts.withLock { $0 }
        var logins: [(String, Int)] = []
        for method in Method.allCases {
            for outcome in Outcome.allCases {
                let count = counts.logins[method]?[outcome] ?? 0
                logins.append(("{method=\"\(method.rawValue)\",outcome=\"\(outcome.rawValue)\"}", count))
            }
        }
        let answers = counts.answers.enumerated().map { ("{status=\"\($0.offset + 1)xx\"}", $0.element) }
        return Self.family("muster_logins_total", "Passwords checked, and tokens and certificates refused.", logins)
            + Self.family("muster_requests_denied_total", "Requests that claims do not cover.", [("", counts.denied)])
            + Self.family("muster_tokens_issued_total", "Tokens given out.", [("", counts.tokens)])
            + Self.family("muster_requests_total", "Requests answered.", answers) + connectionText + timingText
            + gaugeText
    }

    static func family(_ name: String, _ help: String, _ samples: [(labels: String, count: Int)]) -> String {
        let lines = samples.map { "\(name)\($0.labels) \($0.count)\n" }.joined()
        return "# HELP \(name) \(help)\n# TYPE \(name) counter\n\(lines)"
    }
}
