import Basics
import JSON
import Tracker

/// What cannot be seen cannot be used.
extension WriteRights {
    /// What a runner may name on its machine without seeing it: its workflow leads it there.
    private static let open: Set<TypeName> = ["stages", "bootenvs", "workflows", "tasks"]
    /// The types through which values come to machines.
    private static let carriers: Set<TypeName> = ["profiles", "stages", "workflows"]

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
            let model =
                id.typeName == "bootenvs" ? "Bootenv" : view.catalog[id.typeName]?.schema.name ?? id.typeName.rawValue
            return (key.isEmpty ? "" : "\(key): ") + "\(model) \(id.key) does not exist"
        }
        guard problems.isEmpty else {
            let typeName = write.type.typeName == "preferences" ? "prefs" : write.type.typeName
            throw TrackerError(.invalid, typeName, key: write.path.isEmpty ? key : write.path, problems)
        }
    }

    private func mayName(
        _ id: ObjectID, in write: ClientWrite, _ readAuthorization: ReadAuthorization, _ view: Snapshot
    ) -> Bool {
        guard view.catalog.visibleType(id.typeName) != nil else { return true }
        let seen = readAuthorization[id.typeName]
        if seen.isUnrestricted { return true }
        let isRunner = isRunner(of: write)
        if isRunner, Self.open.contains(id.typeName) { return true }
        guard let object = view.object(id.typeName, id.key.string) else { return false }
        if seen.sees(object) { return true }
        var passed: Set<ObjectID> = []
        return isRunner && id.typeName == "profiles" && Self.sealed(from: id, in: view, passing: &passed).isEmpty
    }

    /// Whether the principal is what runs on the machine that is written, known or about to be.
    private func isRunner(of write: ClientWrite) -> Bool {
        guard write.type.typeName == "machines" else { return false }
        switch principal.subject {
        case .machine(let uuid): return write.before.map { $0.key == ByteString(uuid) } ?? false
        case .service: return write.before == nil
        case .user: return false
        }
    }
}

/// Sealed values that a write makes readable.
extension WriteRights {
    /// The right to open the sealed values of what is newly named, if the principal could then open them where they come to.
    func opened(
        by write: ClientWrite, naming names: [ObjectID], _ readAuthorization: ReadAuthorization, in view: Snapshot
    ) -> [Requirement] {
        if principal.isSuperuser { return [] }
        let isRunner = isRunner(of: write)
        let leading = names.filter {
            Self.carriers.contains($0.typeName) && !(isRunner && Self.open.contains($0.typeName))
        }
        guard !leading.isEmpty, couldOpen(write) else { return [] }
        var requirements: [Requirement] = []
        var seen: Set<ObjectID> = []
        for name in leading {
            for holder in Self.sealed(from: name, in: view, passing: &seen) {
                let claim = Claim(holder.typeName.rawValue, "getSecure", holder.key.string)
                let isTold = readAuthorization.sees(holder, in: view)
                requirements.append(Requirement(claim, typed: isTold ? nil : name.key.string))
            }
        }
        return requirements
    }

    /// Whether the principal may have opened what comes to the object that is written, or to a machine through it.
    private func couldOpen(_ write: ClientWrite) -> Bool {
        let typeName = write.type.typeName
        guard write.type.traits.contains(.parameters) || typeName == "workflows" || typeName == "preferences" else {
            return false
        }
        let key = claimedKey(of: write)
        if write.type.traits.contains(.parameters), holds(["getSecure"], typeName, key) { return true }
        // A machine's token opens the machine's values.
        if typeName == "machines" { return holds(["token"], typeName, key) }
        let isSource = Self.carriers.contains(typeName) || typeName == "preferences"
        return isSource && principal.claims.mayAnywhere(["getSecure", "token"], in: "machines")
    }

    /// The objects with sealed values that `id` leads to, itself among them, but for those that were passed already.
    private static func sealed(
        from id: ObjectID, in view: Snapshot, passing seen: inout Set<ObjectID>
    ) -> [ObjectID] {
        guard seen.insert(id).inserted else { return [] }
        var (waiting, found): ([ObjectID], [ObjectID]) = ([id], [])
        while let next = waiting.popLast() {
            guard let object = view[next]?.object, let type = view.catalog[next.typeName] else { continue }
            let params = object["Params"]?.objectValue ?? [:]
            if params.values.contains(where: SecureData.isSealed) { found.append(next) }
            for name in type.named(by: object) where carriers.contains(name.typeName) && seen.insert(name).inserted {
                waiting.append(name)
            }
        }
        return found
    }

    /// Whether the principal may have the values opened that a Param leaves in clear which is secure no more.
    ///
    /// - Throws: `denied`.
    func authorizeOpening(_ holders: [ObjectID], in view: Snapshot) throws(TrackerError) {
        guard let typeName = holders.first?.typeName, !holds(["getSecure"], typeName, "*") else { return }
        guard let other = holders.first(where: { !holds(["getSecure"], typeName, $0.key.string) }) else { return }
        let shown = sees(other, in: view) ? other.key.string : "*"
        throw denied([Claim(typeName.rawValue, "getSecure", shown)])
    }
}
