import Access
import HTTPServing
package import Logging
import Tracker

/// One request of a browser: whose it is, and the state that it is answered from.
package struct ConsoleVisit: FacadeSession {
    /// What a page takes.
    package enum Requirement: Sendable {
        /// Nothing.
        case nothing
        /// Somebody who is known.
        case user
    }

    package static let basePath = "/ui"

    /// The browser's session; nil if it has none.
    let session: BrowserSessions<String>.Session?
    /// Who is logged in; nil if nobody.
    let principal: Principal?
    /// The newest durable state at the time the request came.
    let snapshot: Snapshot
    package let logger: Logger

    package var caller: String? { principal?.displayed }
}

/// One request of a browser that is being answered.
typealias ConsoleContext = RequestContext<ConsoleVisit>
