import Access
import Basics
import HTTPServing
import JSON
import Provisioning
import Tracker

/// Who watches, and which events they may be told of: those of what they could read, judged as reads are (C §12).
///
/// Rights may change while someone watches: whatever they follow from is looked at again when an event tells that it
/// changed, and from time to time, since tokens end.
struct WatcherCredentials: Sendable {
    /// The types whose objects rights follow from; of machines only what runs on them.
    static let rightsTypes: Set<TypeName> = ["users", "roles", "tenants", "preferences"]
    /// A watcher who came with a password keeps this long what a token would give for as long; it ends with the password.
    private static let passwordLifetime = Duration.seconds(365 * 86_400)

    private let authenticator: Authenticator
    private let token: String
    private(set) var principal: Principal
    private var readAuthorization: ReadAuthorization
    /// For types that have been asked about: what of them is seen.
    private var types: [TypeName: ReadAuthorization.OfType] = [:]

    /// The badge of whoever has these credentials.
    ///
    /// - Throws: as `Authenticator` does.
    init(
        _ credentials: Credentials?, _ services: Services, _ audit: AuditLog
    ) async throws(AccessError) {
        let snapshot = services.tracker.snapshot
        authenticator = services.authenticator
        let token: String
        switch credentials {
        case nil: throw .missingCredentials
        case .token(let given): token = given
        case .password, .certificate:
            let known = try await services.requestAuthenticator.principal(credentials, in: snapshot, audit)
            let order = TokenRequest(known.subject, grantor: known.name, lifetime: Self.passwordLifetime)
            token = try authenticator.issueToken(order, in: snapshot)
        }
        principal = try authenticator.principal(bearer: token, in: snapshot)
        self.token = authenticator.shared(token)
        readAuthorization = ReadAuthorization(principal, snapshot)
    }

    /// Looks at the rights again.
    ///
    /// - Throws: when the credentials are good no more.
    mutating func refresh(in snapshot: Snapshot) throws(AccessError) {
        principal = try authenticator.principal(bearer: token, in: snapshot)
        readAuthorization = ReadAuthorization(principal, snapshot)
        types.removeAll(keepingCapacity: true)
    }

    /// Whether there is nothing that this watcher may not be told of, until rights change.
    var seesEverything: Bool { readAuthorization.isUnrestricted && principal.machine == nil }

    /// Whether rights may follow from the object of the event.
    func dependsOn(_ event: Event) -> Bool {
        Self.rightsTypes.contains(TypeName(event.type))
            || event.type == "machines" && principal.machine.map { event.key.hasSameUTF8(as: $0) } ?? false
    }

    /// Whether an event tells that whoever the watcher acts for is gone.
    func isEnd(_ event: Event) -> Bool {
        guard event.action == ObjectChange.Action.delete.rawValue else { return false }
        if let machine = principal.machine { return event.type == "machines" && event.key.hasSameUTF8(as: machine) }
        return event.type == "users" && event.key.hasSameUTF8(as: principal.name)
    }

    /// Whether this watcher may be told of an event.
    ///
    /// - Parameter group: all that happened together with it.
    mutating func admits(_ event: Event, of group: EventGroup) -> Bool {
        if event.type == "preferences", PreferenceName(named: event.key)?.isSecret ?? (event.revision != nil) {
            return false
        }
        if readAuthorization.isUnrestricted { return true }
        let ofType = ofType(event.type)
        if ofType.isUnrestricted { return true }
        return isListed(event, ofType, in: group) && covers(event, ofType)
    }

    private func isListed(_ event: Event, _ ofType: ReadAuthorization.OfType, in group: EventGroup) -> Bool {
        if ofType.isListed(event.key) { return true }
        // What is removed is no member any more; it was one if the same commit took it off the list.
        guard event.action == ObjectChange.Action.delete.rawValue, let tenant = principal.tenant else { return false }
        return group.events.contains { other in
            guard other.type == "tenants", other.key.hasSameUTF8(as: tenant) else { return false }
            let members = other.original?.member(at: ["Members", event.type])?.elements
            return members?.contains { $0.string?.hasSameUTF8(as: event.key) ?? false } ?? false
        }
    }

    /// Claims on jobs are about their machines; a job that changed hands shows both.
    private func covers(_ event: Event, _ ofType: ReadAuthorization.OfType) -> Bool {
        guard event.type == "jobs" else { return ofType.covers(event.key) }
        return [event.object, event.original].allSatisfy { job in
            job.map { ofType.covers($0.member("Machine")?.string ?? "") } ?? true
        }
    }

    /// Log lines are for those who may read the log.
    private mutating func ofType(_ type: String) -> ReadAuthorization.OfType {
        let typeName = TypeName(type)
        if let known = types[typeName] { return known }
        let found = readAuthorization[typeName == TypeName(LogLine.eventType) ? TypeName(LogLine.scope) : typeName]
        // Passing events may be of any type that anybody thinks of.
        if types.count < 100 { types[typeName] = found }
        return found
    }
}
