import Access
import Basics
import Fleet
import JSON
import Logging
import Synchronization
import Tracker

/// Knows callers by tokens of OpenStack's identity service (F §2, Keystone mode).
///
/// What the service says is remembered until the token ends, but for ``longestMemory`` at the most, so that one which is
/// taken back does not count for longer. Tokens themselves are not kept, but what they are known by.
final class KeystoneAuthenticator: Sendable {
    /// How long an answer of the service counts.
    static let longestMemory = Duration.seconds(300)
    /// So many callers are asked about at once; more are refused.
    private static let mostQuestions = 64
    private static let mostRemembered = 4096

    private struct State: Sendable {
        var known = BoundedCache<Identifier, KeystoneToken>(limit: KeystoneAuthenticator.mostRemembered)
        /// The server's own token.
        var own: String?
    }

    private let service: KeystoneService
    private let tracker: DataTracker
    private let logger: Logger
    private let places = Places(mostQuestions)
    private let state = Mutex(State())

    init(_ settings: KeystoneSettings, tracker: DataTracker, logger: Logger) {
        (service, self.tracker, self.logger) = (KeystoneService(settings: settings), tracker, logger)
    }

    /// Whose token this is, if that is remembered.
    func remembered(_ token: String) -> FleetCaller? {
        let now = tracker.environment.now()
        return state.withLock { state in
            guard let known = state.known[Self.name(of: token)], now < known.expiry else { return nil }
            return known.caller
        }
    }

    /// Whose token this is; nil if the service does not confirm it. The caller's project is made on first sight.
    func caller(_ token: String) async -> FleetCaller? {
        if let known = remembered(token) { return known }
        guard places.begin() else { return nil }
        defer { places.end() }
        do {
            let known = try await validated(token)
            let now = tracker.environment.now()
            guard now < known.expiry else { return nil }
            try await establish(known)
            let end = min(known.expiry, now + Self.longestMemory)
            state.withLock { $0.known[Self.name(of: token)] = known.ending(end) }
            return known.caller
        } catch KeystoneService.Failure.unknown {
            return nil
        } catch {
            logger.error("a token cannot be confirmed by the identity service", metadata: ["cause": "\(error)"])
            return nil
        }
    }

    /// What the service says; asked once more with a new token of our own if the one there is has ended.
    private func validated(_ token: String) async throws(KeystoneService.Failure) -> KeystoneToken {
        if let own = state.withLock({ $0.own }) {
            do throws(KeystoneService.Failure) {
                return try await service.validate(token, with: own)
            } catch {
                guard case .denied = error else { throw error }
            }
        }
        let own = try await service.login()
        state.withLock { $0.own = own }
        return try await service.validate(token, with: own)
    }

    private func establish(_ token: KeystoneToken) async throws {
        let project = token.caller.project
        guard tracker.snapshot.object(FleetTypes.projects, project) == nil else { return }
        let members: JSONObject = ["id": .string(project), "name": .string(token.projectName)]
        let request = TrackerRequest(
            id: "keystone", principal: token.caller.principal, reason: "first sight of a project",
            scope: WriteScope([FleetTypes.projects]))
        _ = try await tracker.commit(request) { draft throws(TrackerError) in
            guard draft.view.object(FleetTypes.projects, project) == nil else { return }
            try draft.createAsServer(FleetTypes.projects, members)
        }
    }

    private static func name(of token: String) -> Identifier { Identifier(APIKey.digest(token)) }
}
