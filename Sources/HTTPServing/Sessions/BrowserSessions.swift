package import Basics
import Synchronization

/// The sessions of browsers on one facade, in memory: who was let in by a form stays so until the session ends.
///
/// A session ends when its user leaves, when it is not used for `idleLimit`, and after `lifetime` in any case. There are at most
/// `mostSessions`; beyond that the one that was used longest ago ends.
package final class BrowserSessions<Subject: Sendable>: Sendable {
    /// One browser that somebody was let in with.
    package struct Session: Sendable {
        /// What the cookie holds: a secret.
        package let id: String
        /// What forms of this session send back, so that other sites cannot send them (see ``CrossSiteCheck``).
        package let formToken: String
        /// Who was let in.
        package let subject: Subject
        fileprivate let begun: Timestamp
        fileprivate var used: Timestamp
    }

    private let environment: Environment
    private let idleLimit: Duration
    private let lifetime: Duration
    private let mostSessions: Int
    private let sessions = Mutex<[Identifier: Session]>([:])

    /// No sessions yet.
    ///
    /// - Parameters:
    ///   - environment: time, and randomness for the secrets.
    ///   - idleLimit: how long a session may rest.
    ///   - lifetime: how long a session lives at most.
    ///   - mostSessions: how many there may be.
    package init(
        _ environment: Environment, idleLimit: Duration = .seconds(3600), lifetime: Duration = .seconds(12 * 3600),
        mostSessions: Int = 10_000
    ) {
        (self.environment, self.idleLimit) = (environment, idleLimit)
        (self.lifetime, self.mostSessions) = (lifetime, mostSessions)
    }

    /// How many sessions there are.
    package var count: Int { sessions.withLock { $0.count } }

    /// Begins a session, with secrets of 192 bits that nobody had before.
    package func begin(_ subject: Subject) -> Session {
        let now = environment.now()
        let session = Session(
            id: secret(), formToken: secret(), subject: subject, begun: now, used: now)
        sessions.withLock { sessions in
            if sessions.count >= mostSessions { makeRoom(in: &sessions, now) }
            sessions[Identifier(session.id)] = session
        }
        return session
    }

    /// The session whose cookie is shown, which counts as a use of it; nil if it has ended.
    package func session(_ id: String) -> Session? {
        let (now, id) = (environment.now(), Identifier(id))
        return sessions.withLock { sessions in
            guard var session = sessions[id] else { return nil }
            guard isAlive(session, now) else {
                sessions[id] = nil
                return nil
            }
            session.used = now
            sessions[id] = session
            return session
        }
    }

    /// Ends a session.
    package func end(_ id: String) { sessions.withLock { $0[Identifier(id)] = nil } }

    private func isAlive(_ session: Session, _ now: Timestamp) -> Bool {
        now < session.used + idleLimit && now < session.begun + lifetime
    }

    private func makeRoom(in sessions: inout [Identifier: Session], _ now: Timestamp) {
        sessions = sessions.filter { isAlive($0.value, now) }
        guard sessions.count >= mostSessions else { return }
        if let oldest = sessions.min(by: { $0.value.used < $1.value.used }) { sessions[oldest.key] = nil }
    }

    private func secret() -> String { Base64URL.encode(environment.randomBytes(24)) }
}
