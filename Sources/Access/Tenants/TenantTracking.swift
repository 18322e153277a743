import Basics
import JSON
import Tracker

/// Keeps tenants' lists of members up with the objects of a type (C §4.4): what a tenant's user creates becomes a member, and
/// what is deleted is one no longer.
struct TenantTracking: DraftEffects {
    var looksAt: [TypeName] { ["tenants"] }

    func follow(_ change: ObjectChange, in draft: inout Draft) throws(TrackerError) {
        guard let tenants = draft.view["tenants"], tenants.count > 0 else { return }
        // Members of a pack stay listed while the pack is away.
        if change.after == nil, change.before?.layer == .writable {
            try Self.remove(change.id, in: &draft)
        } else if change.before == nil, change.after?.layer == .writable {
            try Self.add(change.id, in: &draft)
        }
    }

    /// Makes a new object a member of its creator's tenant, if that lists objects of the type at all.
    private static func add(_ id: ObjectID, in draft: inout Draft) throws(TrackerError) {
        guard case .user(let name) = Principal.Subject(draft.request.principal),
            let key = draft.view.tenant(of: name), let tenant = draft.view.object("tenants", key),
            let members = tenant.members(of: id.typeName), !members.contains(bytesOf: id.key.string)
        else { return }
        try rewrite(tenant, id.typeName, members + [id.key.string], in: &draft)
    }

    /// Takes an object off all tenants' lists, and a user out of its tenant: whoever comes later under the same name is somebody
    /// else.
    private static func remove(_ id: ObjectID, in draft: inout Draft) throws(TrackerError) {
        let key = id.key.string
        var concerned: [StoredObject] = []
        draft.view["tenants"]?.objects.forEach { _, tenant in
            let isMember = tenant.members(of: id.typeName)?.contains(bytesOf: key) == true
            if isMember || id.typeName == "users" && tenant.users.contains(bytesOf: key) { concerned.append(tenant) }
            return true
        }
        for tenant in concerned {
            let members = tenant.members(of: id.typeName)?.filter { !$0.hasSameUTF8(as: key) }
            let users = tenant.users.filter { id.typeName != "users" || !$0.hasSameUTF8(as: key) }
            try rewrite(tenant, id.typeName, members, users: users, in: &draft)
        }
    }

    /// Stores a tenant's lists; one that a pack keeps as it is stays so.
    ///
    /// - Parameters:
    ///   - members: those of type `typeName`; nil if the tenant does not list the type.
    ///   - users: nil to leave them.
    private static func rewrite(
        _ tenant: StoredObject, _ typeName: TypeName, _ members: [String]?, users: [String]? = nil,
        in draft: inout Draft
    ) throws(TrackerError) {
        let isOverwritable = draft.view.stack[tenant.layer]?.kind.isOverwritable ?? false
        guard tenant.layer == .writable || isOverwritable else { return }
        try draft.updateAsServer("tenants", at: tenant.key.string) { object in
            if let members {
                var all = object["Members"]?.objectValue ?? [:]
                all[typeName.rawValue] = JSONValue(members)
                object["Members"] = .object(all)
            }
            if let users { object["Users"] = JSONValue(users) }
        }
    }
}

extension StoredObject {
    /// The tenant's members of a type; nil if it does not list the type.
    fileprivate func members(of typeName: TypeName) -> [String]? {
        document.member(at: ["Members", typeName.rawValue])?.elements.compactMap(\.string)
    }

    /// The tenant's users.
    fileprivate var users: [String] { document.member("Users")?.elements.compactMap(\.string) ?? [] }
}
