import JSON
import Tracker

/// The rules of a type, and that tenants' lists of members keep up with its objects (C §4.4): what a tenant's user creates
/// becomes a member, and what is deleted is one no longer.
struct TenantTracking: AddedRules {
    /// The type's own rules.
    let rules: any ObjectRules

    var looksAt: [Prefix] { rules.looksAt + ["tenants"] }

    func follow(_ change: ObjectChange, in draft: inout Draft) throws(TrackerError) {
        try rules.follow(change, in: &draft)
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
            let members = tenant.members(of: id.prefix), !members.contains(bytesOf: id.key.string)
        else { return }
        try rewrite(tenant, id.prefix, members + [id.key.string], in: &draft)
    }

    private static func remove(_ id: ObjectID, in draft: inout Draft) throws(TrackerError) {
        var concerned: [StoredObject] = []
        draft.view["tenants"]?.objects.forEach { _, tenant in
            if tenant.members(of: id.prefix)?.contains(bytesOf: id.key.string) == true { concerned.append(tenant) }
            return true
        }
        for tenant in concerned {
            let members = (tenant.members(of: id.prefix) ?? []).filter { !$0.hasSameUTF8(as: id.key.string) }
            try rewrite(tenant, id.prefix, members, in: &draft)
        }
    }

    /// Stores a tenant's list; one that a pack keeps as it is stays so.
    private static func rewrite(
        _ tenant: StoredObject, _ prefix: Prefix, _ members: [String], in draft: inout Draft
    ) throws(TrackerError) {
        let isOverwritable = draft.view.stack[tenant.layer]?.kind.isOverwritable ?? false
        guard tenant.layer == .writable || isOverwritable else { return }
        try draft.save("tenants", at: tenant.key.string) { object in
            var all = object["Members"]?.objectValue ?? [:]
            all[prefix.rawValue] = JSONValue(members)
            object["Members"] = .object(all)
        }
    }
}

extension StoredObject {
    /// The tenant's members of a type; nil if it does not list the type.
    fileprivate func members(of prefix: Prefix) -> [String]? {
        document.member(at: ["Members", prefix.rawValue])?.elements.compactMap(\.string)
    }
}
