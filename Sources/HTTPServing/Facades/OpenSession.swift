import HTTPTypes
package import Logging

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
