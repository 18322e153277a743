import Basics
import JSON
import Tracker

/// What cannot be seen cannot be used.
extension WriteRights {
    /// What a write names that the object did not name before.
    func addedNames(of write: ClientWrite) -> [ObjectID] {
        guard let after = write.after, !write.isRemoval else { return [] }
        let named = write.type.named(by: after)
        if named.isEmpty { return [] }
        var seen = Set(write.previous.map { write.type.named(by: $0) } ?? [])
        seen.insert(
            ObjectID(write.type.typeName, write.before?.key ?? write.type.key.bytes(write.type.key.key(of: after))))
        return named.filter { seen.insert($0).inserted }
    }

    /// Refuses to name what the principal may not get. Where that is possible at all, objects that are not there are refused
    /// in the same words.
    ///
    /// - Parameter brought: whether an object comes with the write itself.
    /// - Throws: `invalid`.
    func checkNames(
        _ names: [ObjectID], of write: ClientWrite, _ readAuthorization: ReadAuthorization, in view: Snapshot,
        brought: (ObjectID) -> Bool = { _ in false }
    ) throws(TrackerError) {
        let key = write.before?.key.string ?? write.after.map { write.type.key.key(of: $0) } ?? ""
        let problems = names.filter { !brought($0) && !mayName($0, in: write, readAuthorization, view) }.map { id in
            let schema = view.catalog[id.typeName]?.schema.name ?? id.typeName.rawValue
            let title = model.titles[id.typeName] ?? schema
            return (key.isEmpty ? "" : "\(key): ") + "\(title) \(id.key) does not exist"
        }
        guard problems.isEmpty else {
            let isSetting = write.type.typeName == model.settings.typeName
            let typeName = isSetting ? model.settings.title : write.type.typeName
            throw TrackerError(.invalid, typeName, key: write.path.isEmpty ? key : write.path, problems)
        }
    }

    private func mayName(
        _ id: ObjectID, in write: ClientWrite, _ readAuthorization: ReadAuthorization, _ view: Snapshot
    ) -> Bool {
        guard view.catalog.visibleType(id.typeName) != nil else { return true }
        let seen = readAuthorization[id.typeName]
        if seen.isUnrestricted { return true }
        let agent = agent(of: write)
        if agent?.followedTypes.contains(id.typeName) == true { return true }
        guard let object = view[id] else { return false }
        if seen.sees(object) { return true }
        var passed: Set<ObjectID> = []
        guard let agent, agent.openTypes.contains(id.typeName) else { return false }
        return sealed(from: id, in: view, passing: &passed).isEmpty
    }

    /// What the principal is, if it acts for the object that is written, known or about to be.
    private func agent(of write: ClientWrite) -> AgentModel? {
        guard let agent = model.agent(of: write.type.typeName) else { return nil }
        let isIts =
            switch principal.subject {
            case .agent(let kind, let key):
                kind.hasSameUTF8(as: agent.kind) && write.before.map { $0.key == ByteString(key) } ?? false
            case .service: write.before == nil
            case .user: false
            }
        return isIts ? agent : nil
    }
}

/// Sealed values that a write makes readable.
extension WriteRights {
    /// The right to open the sealed values of what is newly named, if the principal could then open them where they come to.
    func opened(
        by write: ClientWrite, naming names: [ObjectID], _ readAuthorization: ReadAuthorization, in view: Snapshot
    ) -> [Requirement] {
        if principal.isSuperuser { return [] }
        let followed = agent(of: write)?.followedTypes ?? []
        let leading = names.filter {
            model.parameterFlow.carriers.contains($0.typeName) && !followed.contains($0.typeName)
        }
        guard !leading.isEmpty, couldOpen(write) else { return [] }
        var requirements: [Requirement] = []
        var seen: Set<ObjectID> = []
        for name in leading {
            for holder in sealed(from: name, in: view, passing: &seen) {
                let claim = Claim(holder.typeName.rawValue, "getSecure", holder.key.string)
                let isTold = readAuthorization.sees(holder, in: view)
                requirements.append(Requirement(claim, typed: isTold ? nil : name.key.string))
            }
        }
        return requirements
    }

    /// Whether the principal may have opened what comes to the object that is written, or through it to one with an agent.
    private func couldOpen(_ write: ClientWrite) -> Bool {
        let (typeName, flow) = (write.type.typeName, model.parameterFlow)
        let hasParameters = write.type.parameters != nil
        guard hasParameters || flow.leads.contains(typeName) else { return false }
        let key = claimedKey(of: write)
        if hasParameters, holds(["getSecure"], typeName, key) { return true }
        // An agent's token opens its object's values.
        if model.agent(of: typeName) != nil { return holds(["token"], typeName, key) }
        guard flow.carriers.contains(typeName) || flow.leads.contains(typeName) else { return false }
        return model.agents.contains {
            principal.claims.mayAnywhere(["getSecure", "token"], in: $0.typeName.rawValue)
        }
    }

    /// The objects with sealed values that `id` leads to, itself among them, but for those that were passed already.
    private func sealed(
        from id: ObjectID, in view: Snapshot, passing seen: inout Set<ObjectID>
    ) -> [ObjectID] {
        guard seen.insert(id).inserted else { return [] }
        var (waiting, found): ([ObjectID], [ObjectID]) = ([id], [])
        while let next = waiting.popLast() {
            guard let object = view[next]?.object, let type = view.catalog[next.typeName] else { continue }
            let values = type.parameters.flatMap { object[$0.field]?.objectValue } ?? [:]
            if values.values.contains(where: SecureData.isSealed) { found.append(next) }
            for name in type.named(by: object)
            where model.parameterFlow.carriers.contains(name.typeName) && seen.insert(name).inserted {
                waiting.append(name)
            }
        }
        return found
    }

    /// Whether the principal may have the values opened that a parameter leaves in clear which is secure no more.
    ///
    /// - Throws: `denied`.
    func authorizeOpening(_ holders: [ObjectID], in view: Snapshot) throws(TrackerError) {
        guard let typeName = holders.first?.typeName, !holds(["getSecure"], typeName, "*") else { return }
        guard let other = holders.first(where: { !holds(["getSecure"], typeName, $0.key.string) }) else { return }
        let shown = sees(other, in: view) ? other.key.string : "*"
        throw denied([Claim(typeName.rawValue, "getSecure", shown)])
    }
}
