package import Access
import Basics
package import HTTPServing
import HTTPTypes
package import Tracker

/// What a browser shows at `/ui`: what the server holds, page by page, as far as the user may see it.
///
/// It is for reading only: who wants to change something has the API and the command line.
package struct WebConsole: Sendable {
    let tracker: DataTracker
    let authenticator: Authenticator
    let metrics: ServerMetrics
    /// What this server calls itself on each page.
    let title: String
    let sessions: BrowserSessions<String>
    let cookie: SessionCookie

    /// A console.
    ///
    /// - Parameters:
    ///   - tracker: holds the objects.
    ///   - authenticator: knows the users.
    ///   - metrics: counts logins.
    ///   - title: what the server calls itself.
    ///   - usesTLS: whether it is served over TLS.
    package init(
        tracker: DataTracker, authenticator: Authenticator, metrics: ServerMetrics, title: String, usesTLS: Bool
    ) {
        (self.tracker, self.authenticator) = (tracker, authenticator)
        (self.metrics, self.title) = (metrics, title)
        sessions = BrowserSessions(tracker.environment, lifetime: Self.longestSession)
        cookie = SessionCookie("muster", path: ConsoleVisit.basePath, isSecure: usesTLS)
    }

    /// The console as a facade.
    package var facade: Facade<ConsoleVisit> {
        Facade(
            routes: loginRoutes + objectRoutes + [ConsoleStyle.sheet.route(below: "/assets", .nothing)],
            authentication: Authentication(CredentialReader { _ in nil }) { request, route, _ in
                try visit(request, route)
            },
            headers: .pages,
            errors: { error, request, logger in ConsoleRefusal(error, request, logger).answer(title) })
    }

    /// Who comes: whom the session of the cookie belongs to. His rights are those that he has now, and a session ends when the
    /// password changes, since it is a token of the server's that the session holds.
    private func visit(_ request: ServerRequest, _ route: Route<ConsoleVisit>) throws -> ConsoleVisit {
        let snapshot = tracker.snapshot
        let session = cookie.value(in: request.headers).flatMap { sessions.session($0) }
        let principal = session.flatMap { session in
            try? authenticator.principal(bearer: session.subject, in: snapshot)
        }
        if case .user = route.requirement, principal == nil { throw ConsoleRefusal.unknown(request.path.target) }
        return ConsoleVisit(session: session, principal: principal, snapshot: snapshot, logger: request.source.logger)
    }

    static let longestSession = Duration.seconds(12 * 3600)
}
