import HTTPTypes
import Hummingbird
import JSON
import Synchronization
import Tracker

/// The server's examination of itself. Those who may exchange the system may have it examined: the actions of the scope
/// `system` are fixed (C §11.3), and there is none that fits better.
enum CheckHandlers {
    static var routes: [Route] { [Route(.get, "/system/check", .claim(scope: "system", action: "upgrade"), check)] }

    /// Compares tables, indexes, layers, store and history while everything goes on; one at a time.
    private static func check(_ call: Call) async throws -> Answer {
        guard call.services.checking.begin() else {
            throw APIError(409, "Conflict", of: "system", "A check is going on: wait for it to end")
        }
        defer { call.services.checking.end() }
        let start = ContinuousClock.now
        let report = try await call.tracker.check()
        let milliseconds = Int(start.duration(to: .now) / .milliseconds(1))
        return .json([
            "status": .string(report.isClean ? "ok" : "differences"),
            "revision": JSONValue(Int(clamping: report.revision.number)), "objects": JSONValue(report.objects),
            "commits": JSONValue(report.commits), "versions": JSONValue(report.versions),
            "milliseconds": JSONValue(milliseconds), "differenceCount": JSONValue(report.differenceCount),
            "differences": .array(report.differences.map { .string($0) }),
        ])
    }
}

/// Something that is done by one at a time, and not queued for.
final class Turnstile: Sendable {
    private let isTaken = Mutex(false)

    /// Whether it was free, and is now the caller's until `end`.
    func begin() -> Bool {
        isTaken.withLock { isTaken in
            defer { isTaken = true }
            return !isTaken
        }
    }

    /// Frees it.
    func end() { isTaken.withLock { $0 = false } }
}
