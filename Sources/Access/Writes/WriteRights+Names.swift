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
        seen.insert(ObjectID(write.type.prefix, write.before?.key ?? ByteString(write.type.key.key(of: after))))
        return named.filter { seen.insert($0).inserted }
    }

    /// Refuses to name what the principal may not get. Where that is possible at all, objects that are not there are refused
    /// in the same words.
    ///
    /// - Parameter brought: whether an object comes with the write itself.
    /// - Throws: `invalid`.
    func checkNames(
        _ names: [ObjectID], of write: ClientWrite, _ sight: ReadAuthorization, in view: Snapshot,
        brought: (ObjectID) -> Bool = { _ in false }
    ) throws(TrackerError) {
        let key = write.before?.key.string ?? write.after.map { write.type.key.key(of: $0) } ?? ""
        let problems = names.filter { !brought($0) && !mayName($0, in: write, sight, view) }.map { id in
            let model = id.prefix == "bootenvs" ? "Bootenv" : view.catalog[id.prefix]?.record.name ?? id.prefix.rawValue
            return (key.isEmpty ? "" : "\(key): ") + "\(model) \(id.key) does not exist"
        }
        guard problems.isEmpty else {
            let prefix = write.type.prefix == "preferences" ? "prefs" : write.type.prefix
            throw TrackerError(.invalid, prefix, key: write.path.isEmpty ? key : write.path, problems)
        }
    }

    private func mayName(_ id: ObjectID, in write: ClientWrite, _ sight: ReadAuthorization, _ view: Snapshot) -> Bool {
        guard view.catalog.told(id.prefix) != nil else { return true }
        let seen = sight[id.prefix]
        if seen.isUnrestricted { return true }
        let isRunner = isRunner(of: write)
        if isRunner, Self.open.contains(id.prefix) { return true }
        guard let object = view[id] else { return false }
        if seen.sees(object) { return true }
        var passed: Set<ObjectID> = []
        return isRunner && id.prefix == "profiles" && Self.sealed(from: id, in: view, passing: &passed).isEmpty
    }

    /// Whether the principal is what runs on the machine that is written, known or about to be.
    private func isRunner(of write: ClientWrite) -> Bool {
        guard write.type.prefix == "machines" else { return false }
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
    func opened(by write: ClientWrite, naming names: [ObjectID], _ sight: ReadAuthorization, in view: Snapshot) -> [Requirement] {
        if principal.isSuperuser { return [] }
        let isRunner = isRunner(of: write)
        let leading = names.filter {
            Self.carriers.contains($0.prefix) && !(isRunner && Self.open.contains($0.prefix))
        }
        guard !leading.isEmpty, couldOpen(write) else { return [] }
        var requirements: [Requirement] = []
        var seen: Set<ObjectID> = []
        for name in leading {
            for holder in Self.sealed(from: name, in: view, passing: &seen) {
                let claim = Claim(holder.prefix.rawValue, "getSecure", holder.key.string)
                let isTold = sight.sees(holder, in: view)
                requirements.append(Requirement(claim, typed: isTold ? nil : name.key.string))
            }
        }
        return requirements
    }

    /// Whether the principal may have opened what comes to the object that is written, or to a machine through it.
    private func couldOpen(_ write: ClientWrite) -> Bool {
        let prefix = write.type.prefix
        guard write.type.traits.contains(.params) || prefix == "workflows" || prefix == "preferences" else {
            return false
        }
        let key = claimedKey(of: write)
        if write.type.traits.contains(.params), holds(["getSecure"], prefix, key) { return true }
        // A machine's token opens the machine's values.
        if prefix == "machines" { return holds(["token"], prefix, key) }
        let isSource = Self.carriers.contains(prefix) || prefix == "preferences"
        return isSource && principal.claims.mayAnywhere(["getSecure", "token"], in: "machines")
    }

    /// The objects with sealed values that `id` leads to, itself among them, but for those that were passed already.
    private static func sealed(
        from id: ObjectID, in view: Snapshot, passing seen: inout Set<ObjectID>
    ) -> [ObjectID] {
        guard seen.insert(id).inserted else { return [] }
        var (waiting, found): ([ObjectID], [ObjectID]) = ([id], [])
        while let next = waiting.popLast() {
            guard let object = view[next]?.object, let type = view.catalog[next.prefix] else { continue }
            let params = object["Params"]?.objectValue ?? [:]
            if params.values.contains(where: SecureData.isSealed) { found.append(next) }
            for name in type.named(by: object) where carriers.contains(name.prefix) && seen.insert(name).inserted {
                waiting.append(name)
            }
        }
        return found
    }

    /// Whether the principal may have the values opened that a Param leaves in clear which is secure no more.
    ///
    /// - Throws: `denied`.
    func authorizeOpening(_ holders: [ObjectID], in view: Snapshot) throws(TrackerError) {
        guard let prefix = holders.first?.prefix, !holds(["getSecure"], prefix, "*") else { return }
        guard let other = holders.first(where: { !holds(["getSecure"], prefix, $0.key.string) }) else { return }
        let shown = sees(other, in: view) ? other.key.string : "*"
        throw denied([Claim(prefix.rawValue, "getSecure", shown)])
    }
}
