import Basics
import HTTPServing
import HTTPTypes
import JSON
import ServiceLifecycle
import Tracker

/// Waiting for an object to become other than the client knows it: `If-None-Match` with `Prefer: wait=…` (C §2.1).
struct LongPoll: Sendable {
    /// The longest wait; requests for more get this.
    static let longestWait = Duration.seconds(600)

    /// What the client knows.
    let known: EntityTags
    /// How long to wait for something else; zero not to wait.
    let wait: Duration

    /// The wait that a request's headers ask for, or nil if it is not conditional.
    init?(_ headers: HTTPFields) {
        guard let known = EntityTags(headers[.ifNoneMatch]) else { return nil }
        self.known = known
        wait = min(Self.wait(headers[.prefer] ?? ""), Self.longestWait)
    }

    private static func wait(_ preferences: String) -> Duration {
        for preference in preferences.split(whereSeparator: { $0 == "," || $0 == ";" }) {
            let parts = preference.parts(between: "=", maxSplits: 1).map { $0.filter { !$0.isWhitespace } }
            guard parts.count == 2, parts[0].asciiLowercased.hasSameUTF8(as: "wait") else { continue }
            let text = parts[1].filter { $0 != "\"" }
            return Duration(musterText: text, defaultUnit: .seconds) ?? .zero
        }
        return .zero
    }

    /// The object as soon as it is not what the client knows; nil if it still is at the end of the wait, or when the server
    /// shuts down.
    ///
    /// - Parameters:
    ///   - snapshot: where to look first.
    ///   - tracker: gives later states.
    ///   - typeName: the object's type.
    ///   - path: what names the object. If that is its key, only its own changes are looked at; another name may come to
    ///     mean another object of the type.
    ///   - find: looks the object up.
    /// - Throws: what `find` throws: `notFound` once there is no such object.
    func object(
        in snapshot: Snapshot, of tracker: DataTracker, _ typeName: TypeName, at path: String,
        _ find: @escaping @Sendable (Snapshot) throws(TrackerError) -> StoredObject
    ) async throws -> (object: StoredObject, snapshot: Snapshot)? {
        if let found = try change(find, snapshot) { return found }
        guard wait > .zero else { return nil }
        let id = snapshot.catalog.id(typeName, path)
        let interest: ChangeInterest = snapshot[id] == nil ? .type(typeName) : .object(id)
        typealias Found = (object: StoredObject, snapshot: Snapshot)
        return try await withThrowingTaskGroup(of: Found?.self) { group in
            group.addTask {
                try? await cancelWhenGracefulShutdown { try await tracker.environment.sleep(for: wait) }
                return nil
            }
            group.addTask { try await nextChange(after: snapshot, of: tracker, interest, find) }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    /// The object as it is in the first state after `snapshot` in which it has changed; nil when the wait is cancelled.
    private func nextChange(
        after snapshot: Snapshot, of tracker: DataTracker, _ interest: ChangeInterest,
        _ find: @escaping @Sendable (Snapshot) throws(TrackerError) -> StoredObject
    ) async throws -> (object: StoredObject, snapshot: Snapshot)? {
        var latest = snapshot
        while let next = try? await tracker.snapshot(after: latest.revision, for: interest) {
            latest = next
            if let found = try change(find, next) { return found }
        }
        return nil
    }

    private func change(
        _ find: (Snapshot) throws(TrackerError) -> StoredObject, _ snapshot: Snapshot
    ) throws(TrackerError) -> (object: StoredObject, snapshot: Snapshot)? {
        let object = try find(snapshot)
        return known.contains(snapshot.etag(of: object)) ? nil : (object, snapshot)
    }
}
