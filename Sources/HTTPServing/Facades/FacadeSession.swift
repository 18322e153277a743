import HTTPTypes
package import Logging

/// What a facade knows of a request once it knows who asks: on whose behalf it is answered, and from what state.
///
/// Each facade has a type of its own for that, which its handlers get as `RequestContext.session`.
package protocol FacadeSession: Sendable {
    /// What a route may require of its caller.
    associatedtype Requirement: Sendable

    /// Where the facade's paths begin, with a slash at the start and none at the end: `/api/v3`. Empty for the root.
    static var basePath: String { get }

    /// Who asks, as the log shows it; nil on routes that are open to all.
    var caller: String? { get }

    /// Where lines of the log about the request go.
    var logger: Logger { get }
}

/// The session of a facade that is open to all and knows nobody.
package struct OpenSession: FacadeSession {
    /// Nothing is required of anybody.
    package enum Requirement: Sendable {
        /// Nothing.
        case nothing
    }

    package static let basePath = ""
    package let logger: Logger

    package var caller: String? { nil }
}

extension Authentication where Session == OpenSession {
    /// Lets everybody in.
    package static var open: Authentication {
        Authentication(CredentialReader { _ in nil }) { request, _, _ in OpenSession(logger: request.source.logger) }
    }
}

extension Answer {
    /// An error for people and programs that expect no format: its status, and no body.
    package static func plain(_ error: any Error) -> Answer {
        Answer(status: .init(code: (error as? HTTPError)?.status ?? 500))
    }
}
