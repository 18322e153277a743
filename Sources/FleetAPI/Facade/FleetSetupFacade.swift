package import Access
import Basics
import Fleet
package import HTTPServing
import HTTPTypes
import JSON
package import Logging
package import Tracker

/// What sets an inventory up, for whoever may do everything on the server: `POST /fleet/bootstrap`, on the port of its own API.
package struct FleetSetupFacade: Sendable {
    let tracker: DataTracker
    let authenticator: Authenticator

    /// The setup of the inventory in a tracker, for users whom `authenticator` knows.
    package init(tracker: DataTracker, authenticator: Authenticator) {
        (self.tracker, self.authenticator) = (tracker, authenticator)
    }

    /// The setup as a facade.
    package var facade: Facade<FleetSetupSession> {
        Facade(
            routes: [Route(.post, "/bootstrap", .everything, bootstrap)],
            authentication: Authentication(.authorization) { _, _ in
                nil
            } waiting: { request, _ in
                try await session(request)
            },
            authorize: { context in
                let claims = FleetTypes.all.map { Claim($0.rawValue, "*", "*") }
                guard context.session.principal.claims.satisfies(claims) else {
                    throw FleetSetupRefusal(
                        403, "This takes all rights to all fleet_ types, since who sets up has them all")
                }
            }, unknownArguments: .refused, errors: { error, _, logger in FleetSetupRefusal(error, logger).answer })
    }

    private func session(_ request: ServerRequest) async throws -> FleetSetupSession {
        let snapshot = tracker.snapshot
        let principal: Principal
        switch request.credentials(.authorization) {
        case .password(let user, let password):
            principal = try await authenticator.login(
                user, password: password, address: request.address, in: snapshot
            ).principal
        case .token(let token): principal = try authenticator.principal(bearer: token, in: snapshot)
        case .certificate, nil: throw FleetSetupRefusal(401, "Give the name and password of a user, or a token")
        }
        return FleetSetupSession(principal: principal, logger: request.source.logger)
    }

    /// Makes the first project and user, if they are not there, and shows them with the user's key.
    @Sendable private func bootstrap(_ context: RequestContext<FleetSetupSession>) async throws -> Answer {
        let request = TrackerRequest(
            id: context.id.description, principal: context.session.principal.displayed, reason: "fleet bootstrap",
            scope: WriteScope([FleetTypes.projects, FleetTypes.users]))
        let snapshot = try await tracker.commit(request) { draft throws(TrackerError) in
            try FleetBootstrap.establish(in: &draft)
        }.snapshot
        guard let account = FleetBootstrap(in: snapshot) else {
            throw FleetSetupRefusal(
                409, "The key of the user bootstrap cannot be opened: delete that user, and try again")
        }
        return .json([
            "ProjectId": .string(account.project), "Username": .string(account.username),
            "APIKey": .string(account.apiKey),
        ])
    }
}

/// A request that sets an inventory up: who makes it.
package struct FleetSetupSession: FacadeSession {
    /// What a route takes.
    package enum Requirement: Sendable {
        /// All rights to the inventory.
        case everything
    }

    package static let basePath = "/fleet"

    let principal: Principal
    package let logger: Logger

    package var caller: String? { principal.displayed }
}

/// A refusal in the form that the server's own command line reads.
private struct FleetSetupRefusal: Error {
    let status: Int
    let message: String

    init(_ status: Int, _ message: String) { (self.status, self.message) = (status, message) }

    init(_ error: any Error, _ logger: Logger) {
        switch error {
        case let refusal as FleetSetupRefusal: self = refusal
        case let error as AccessError:
            self.init(
                error.code == .tooManyFailures || error.code == .busy ? 429 : 401,
                error.messages.joined(separator: "; "))
        case let error as HTTPError: self.init(error.status, error.messages.joined(separator: "; "))
        case let error as TrackerError:
            self.init(error.code == .unavailable ? 503 : 400, error.messages.joined(separator: "; "))
        default:
            logger.error("a request failed", metadata: ["cause": "\(error)"])
            self.init(500, "An unknown failure; the log says more")
        }
    }

    var answer: Answer {
        let body: JSONValue = [
            "Model": "fleet", "Key": "", "Type": "POST", "Messages": [.string(message)], "Code": JSONValue(status),
        ]
        return .json(body, status: HTTPResponse.Status(code: status))
    }
}
