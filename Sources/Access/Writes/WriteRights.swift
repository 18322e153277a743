import JSON
import Synchronization
public import Tracker

/// Judges what the operations of one request do, by the rights of whoever makes it (C §11.3).
///
/// Rights are taken for what an operation changes in the admitted object, against the state right before it. Whoever lacks
/// them and may not get the object learns nothing: neither whether it is there, nor whether a patch applies to it, nor what
/// it names (C §7.2).
public final class WriteRights: WriteAuthorization {
    let principal: Principal
    /// The request, as refusals name it.
    private let target: String
    /// What the server's domains say of rights.
    var model: AccessModel { principal.model }
    /// What was seen in the last state asked about; good for as long as the tenant's document stays.
    private let known = Mutex<(tenant: JSONDocument, readAuthorization: ReadAuthorization)?>(nil)

    /// The rights of `principal`, for a request that refusals call `target`.
    public init(_ principal: Principal, target: String) {
        self.principal = principal
        self.target = target
    }

    /// Lets those go on who see the object, and who may get it or hold what the operation names.
    public func admit(
        _ intent: WriteIntent, _ type: ObjectType, at path: String, in view: Snapshot
    ) throws(TrackerError) {
        // What a new object is called shows once it is admitted.
        if case .create = intent { return }
        let seen = readAuthorization(in: view)[type.typeName]
        let object = view.resolve(type.typeName, path).flatMap { seen.isListed($0.key) ? $0 : nil }
        if !principal.isSuperuser {
            let key =
                object.map { type.owner($0.key, $0) } ?? type.key.fromPath(path)
            do throws(TrackerError) {
                try admit(intent, type, key, path, in: view)
            } catch {
                if let object, seen.sees(object) { throw error }
                throw type.notFound(path).hidden
            }
        }
        guard object != nil else { throw type.notFound(path) }
    }

    /// Asks for the rights to what changes, then for what is newly named, then for what that would open.
    public func authorize(_ write: ClientWrite, in view: Snapshot) throws(TrackerError) {
        let readAuthorization = readAuthorization(in: view)
        if case .restore = write.intent { try checkRestoring(write, readAuthorization) }
        let requirements = principal.isSuperuser ? [] : requirements(of: write, in: view)
        try decide(requirements)
        let names = addedNames(of: write)
        try checkNames(names, of: write, readAuthorization, in: view)
        let opened = opened(by: write, naming: names, readAuthorization, in: view)
        if !opened.isEmpty { try decide(requirements + opened) }
    }

    /// Refuses to bring back what the principal does not see, or what no client may write.
    private func checkRestoring(_ write: ClientWrite, _ readAuthorization: ReadAuthorization) throws(TrackerError) {
        let isSeen = write.before.map { readAuthorization[write.type.typeName].sees($0) } ?? true
        let isWritable = write.type.traits.contains(.writable) || write.type.typeName == model.settings.typeName
        guard isSeen, isWritable || principal.isSuperuser else { throw denied([]) }
    }

    /// Whether a GET of the object would show it.
    public func sees(_ id: ObjectID, in view: Snapshot) -> Bool { readAuthorization(in: view).sees(id, in: view) }

    /// What the principal sees in a state.
    func readAuthorization(in view: Snapshot) -> ReadAuthorization {
        guard let name = principal.tenant, let tenant = view.object("tenants", name)?.document else {
            return ReadAuthorization(principal, view)
        }
        return known.withLock { known in
            if let known, known.tenant == tenant { return known.readAuthorization }
            let readAuthorization = ReadAuthorization(principal, view)
            known = (tenant, readAuthorization)
            return readAuthorization
        }
    }

    /// Lets an operation pass if the principal holds all that it takes.
    func decide(_ requirements: [Requirement]) throws(TrackerError) {
        if case .denied(let missing) = Authorization.decide(principal, requirements) { throw denied(missing) }
    }

    /// The refusal for want of `claims`.
    func denied(_ claims: [Claim]) -> TrackerError {
        TrackerError(.denied, "", AccessError.denied(target, requires: claims).messages)
    }

    /// Whether the principal holds all of `actions` on one thing.
    func holds(_ actions: [String], _ scope: TypeName, _ key: String) -> Bool {
        principal.claims.satisfies(actions.map { Claim(scope.rawValue, $0, key) })
    }
}
