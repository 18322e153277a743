import Access
import Basics
import JSON
import Provisioning
import Tracker

/// A naive judge of writes: compares the whole state before and after one, and knows the rules of rights and what rules change
/// by themselves, but none of the code that decides.
struct RightsOracle {
    private let base: Snapshot
    private let result: Snapshot
    private let scopes: Scopes
    /// The claims of each role of the user.
    private let claims: [Claim]
    /// What the user's tenant lists.
    private let members: [String: Set<String>]
    /// Objects of packs that changed.
    private var packed: Set<ObjectID> = []
    private(set) var problems: [String] = []

    /// Judges what `user` did, whose rights are those of `base`.
    init(_ user: String, from base: Snapshot, to result: Snapshot, _ scopes: Scopes) {
        (self.base, self.result, self.scopes) = (base, result, scopes)
        let roles = base.object("users", user)?.object["Roles"]?.arrayValue ?? []
        claims =
            roles.compactMap(\.stringValue).flatMap { Claim.list(base.object("roles", $0)?.object["Claims"]) }
            + [Claim("users", "get,password,token", user)]
        let tenant = base["tenants"]?.objects.map(\.1).first {
            $0.object["Users"]?.arrayValue?.contains(.string(user)) ?? false
        }
        members = (tenant?.object["Members"]?.objectValue ?? [:]).reduce(into: [:]) { members, entry in
            members[entry.key] = Set((entry.value.arrayValue ?? []).compactMap(\.stringValue))
        }
        judgePacks()
        for type in base.catalog.types where !type.isSecret {
            let keys = Set(
                (base[type.typeName]?.objects.map(\.0) ?? []) + (result[type.typeName]?.objects.map(\.0) ?? []))
            for key in keys.sorted() { judge(ObjectID(type.typeName, key), type) }
        }
    }

    // MARK: Rights

    private func may(_ actions: [String], _ scope: String, _ key: String) -> Bool {
        claims.contains { claim in
            has(claim.scope, scope) && actions.contains { has(claim.action, $0) || has(claim.action, verb($0)) }
                && has(claim.specific, key) && scopes.actions(of: scope)?.contains(Identifier(verb(actions[0]))) == true
        }
    }

    private func has(_ list: String, _ item: String) -> Bool {
        list == "*" || list.split(separator: ",").contains { $0 == item }
    }

    private func verb(_ action: String) -> String { String(action.prefix { $0 != ":" }) }

    private func mayUpdate(_ id: ObjectID, _ tokens: [String]) -> Bool {
        let pointers = (0...tokens.count).map { count in
            "update:" + tokens.prefix(count).map { "/" + JSONPointer.escape($0) }.joined()
        }
        return may(pointers.filter { $0 != "update:" } + ["update"], id.typeName.rawValue, id.key.string)
    }

    private func sees(_ id: ObjectID) -> Bool {
        if let listed = members[id.typeName.rawValue], !listed.contains(id.key.string) { return false }
        return mayGet(id)
    }

    private func mayGet(_ id: ObjectID) -> Bool {
        id.typeName == "preferences" ? true : may(["get"], id.typeName.rawValue, id.key.string)
    }

    private func holds(all claim: Claim) -> Bool {
        let named = claim.scope == "*" ? scopes.names : claim.scope.split(separator: ",").map(String.init)
        return named.allSatisfy { scope in
            let known = scopes.actions(of: scope) ?? []
            let actions = claim.action == "*" ? known.map(\.text) : claim.action.split(separator: ",").map(String.init)
            return actions.filter { known.contains(Identifier(verb($0))) }.allSatisfy { action in
                claim.specific.split(separator: ",").allSatisfy { item in
                    let tokens = action.split(separator: "/").dropFirst().map(String.init)
                    if verb(action) == "update", action != "update" {
                        return mayUpdate(ObjectID(TypeName(scope), ByteString(String(item))), tokens)
                    }
                    return may([action], scope, String(item))
                }
            }
        }
    }

    // MARK: Differences

    private mutating func blame(_ id: ObjectID, _ lacking: String) { problems.append("\(id): \(lacking)") }

    private mutating func judgePacks() {
        for name in Set((base.stack.layers + result.stack.layers).map(\.name)) {
            let (old, new) = (base.stack[name], result.stack[name])
            let ids = Set((old?.ids ?? []) + (new?.ids ?? []))
            let changed = ids.filter { old?.objects[$0.typeName]?[$0.key] != new?.objects[$0.typeName]?[$0.key] }
            packed.formUnion(changed)
            guard !changed.isEmpty || (old == nil) != (new == nil) else { continue }
            // What a Param seals or opens in packs is not the pack's change.
            if old != nil, new != nil, changed.allSatisfy({ opened(old, $0, base) == opened(new, $0, result) }) {
                continue
            }
            let action = old == nil ? "create" : new == nil ? "delete" : "update"
            if !may([action], "contents", name), !may([action], "contents", "") {
                problems.append("contents/\(name): \(action)")
            }
        }
    }

    private func opened(_ layer: Layer?, _ id: ObjectID, _ state: Snapshot) -> JSONObject? {
        guard let object = layer?.objects[id.typeName]?[id.key]?.value().objectValue else { return nil }
        return Self.plain(object, id, state)
    }

    /// The object with its boxes opened, and without what only rules set.
    private static func plain(_ object: JSONObject, _ id: ObjectID, _ state: Snapshot) -> JSONObject {
        var object = object
        for field in state.catalog[id.typeName]?.schema.fields ?? [] where field.isServerSet {
            object[field.name] = nil
        }
        if let params = object["Params"]?.objectValue {
            object["Params"] = .object(ParamDecryptor(state)(params, of: id))
        }
        return object
    }

    private mutating func judge(_ id: ObjectID, _ type: ObjectType) {
        let old = base[id].map { Self.plain($0.object, id, base) }
        let new = result[id].map { Self.plain($0.object, id, result) }
        judgeOpened(id)
        if old == new { return }
        let isDeciding = ["users", "roles", "tenants"].contains(id.typeName)
        let isExempt = packed.contains(id) && !isDeciding && (old == nil ? mayGet(id) : sees(id))
        if !isExempt {
            if old != nil, let listed = members[id.typeName.rawValue], !listed.contains(id.key.string),
                id.typeName != "tenants"
            {
                blame(id, "is hidden")
            }
            judgeRight(id, old, new)
        }
        guard let new else { return }
        judgeNames(id, old ?? [:], new)
        judgeGifts(id, old ?? [:], new)
    }

    private mutating func judgeRight(_ id: ObjectID, _ old: JSONObject?, _ new: JSONObject?) {
        let scope = id.typeName.rawValue
        if id.typeName == "preferences" {
            if !may(["post"], scope, "") { blame(id, "post") }
            return
        }
        guard let old, let new else {
            let action = old == nil ? "create" : "delete"
            if !may([action], scope, id.key.string) { blame(id, action) }
            return judgeSecure(id, [:], new ?? [:])
        }
        judgeSecure(id, old, new)
        if may(["delete"], scope, id.key.string), may(["create"], scope, id.key.string) { return }
        for (name, value) in old.merging(new, uniquingKeysWith: { a, _ in a }) where old[name] != new[name] {
            if name == "PasswordHash" || name == "Secret" && old["PasswordHash"] != new["PasswordHash"] { continue }
            if id.typeName == "tenants", followsMembers(name, old[name], new[name]) { continue }
            _ = value
            judgeMember(id, [name], old[name], new[name])
        }
    }

    private mutating func judgeMember(_ id: ObjectID, _ tokens: [String], _ old: JSONValue?, _ new: JSONValue?) {
        if old == new || mayUpdate(id, tokens) { return }
        if tokens.count == 2, tokens[0] == "Params", base.isSecure(tokens[1], .provisioning),
            may(["updateSecure"], id.typeName.rawValue, id.key.string)
        {
            return
        }
        guard case .object(let before) = old, case .object(let after) = new else {
            return blame(id, "update:/\(tokens.joined(separator: "/"))")
        }
        for name in Set(before.keys + after.keys) { judgeMember(id, tokens + [name], before[name], after[name]) }
    }

    /// Whether a tenant lists just what was made or removed, or lacks users who are gone.
    private func followsMembers(_ field: String, _ old: JSONValue?, _ new: JSONValue?) -> Bool {
        func differences(_ typeName: TypeName, _ old: JSONValue?, _ new: JSONValue?) -> Bool {
            let (before, after) = (Set(old?.arrayValue ?? []), Set(new?.arrayValue ?? []))
            return before.symmetricDifference(after).compactMap(\.stringValue).allSatisfy { key in
                let id = ObjectID(typeName, ByteString(key))
                return base[id] == nil || result[id] == nil || base[id]?.layer != result[id]?.layer
                    || base[id]?.revision != result[id]?.revision
            }
        }
        if field == "Users" {
            return (new?.arrayValue ?? []).count < (old?.arrayValue ?? []).count && differences("users", old, new)
        }
        guard field == "Members" else { return false }
        let prefixes = Set((old?.objectValue?.keys ?? []) + (new?.objectValue?.keys ?? []))
        return prefixes.allSatisfy {
            (old?[$0] == nil) == (new?[$0] == nil) && differences(TypeName($0), old?[$0], new?[$0])
        }
    }

    private mutating func judgeSecure(_ id: ObjectID, _ old: JSONObject, _ new: JSONObject) {
        if id.typeName == "users", new["PasswordHash"] != nil, old["PasswordHash"] != new["PasswordHash"],
            !may(["password"], "users", id.key.string)
        {
            blame(id, "password")
        }
        if packed.contains(id) { return }
        for (name, value) in new["Params"]?.objectValue ?? [:] where old["Params"]?[name] != value {
            let isSecure =
                base.isSecure(name, .provisioning)
                && base.object("params", name)?.revision == result.object("params", name)?.revision
            if isSecure, !may(["updateSecure"], id.typeName.rawValue, id.key.string) { blame(id, "updateSecure") }
        }
    }

    /// Values that were sealed and stand in clear now.
    private mutating func judgeOpened(_ id: ObjectID) {
        let (old, new) = (
            base[id]?.object["Params"]?.objectValue ?? [:], result[id]?.object["Params"]?.objectValue ?? [:]
        )
        for (name, box) in old where SecureData.isSealed(box) {
            guard let value = new[name], !SecureData.isSealed(value), value == ParamDecryptor(base)(box, of: id) else {
                continue
            }
            if !may(["getSecure"], id.typeName.rawValue, id.key.string) { blame(id, "getSecure for \(name)") }
        }
    }

    // MARK: Names

    private static func names(_ id: ObjectID, _ object: JSONObject) -> Set<ObjectID> {
        func texts(_ name: String) -> [String] {
            object[name]?.stringValue.map { [$0] } ?? (object[name]?.arrayValue ?? []).compactMap(\.stringValue)
        }
        func named(_ field: String, _ typeName: TypeName) -> [ObjectID] {
            texts(field).filter { !$0.isEmpty && !$0.contains(":") }.map { ObjectID(typeName, ByteString($0)) }
        }
        switch id.typeName {
        case "machines", "stages":
            return Set(
                named("Profiles", "profiles") + named("Stage", "stages") + named("BootEnv", "bootenvs")
                    + named("Workflow", "workflows") + named("Tasks", "tasks"))
        case "profiles": return Set(named("Profiles", "profiles"))
        case "users": return Set(named("Roles", "roles"))
        case "tenants":
            return Set(
                named("Users", "users")
                    + (object["Members"]?.objectValue ?? [:]).flatMap { typeName, keys in
                        (keys.arrayValue ?? []).compactMap(\.stringValue).map {
                            ObjectID(TypeName(typeName), ByteString($0))
                        }
                    })
        default: return []
        }
    }

    private mutating func judgeNames(_ id: ObjectID, _ old: JSONObject, _ new: JSONObject) {
        let standard: Set<ObjectID> = [ObjectID("stages", "none"), ObjectID("bootenvs", "local")]
        let added = Self.names(id, new).subtracting(Self.names(id, old)).subtracting([id])
        let isFollowed = id.typeName == "tenants" && followsMembers("Members", old["Members"], new["Members"])
        for name in added where !(old.isEmpty && standard.contains(name)) && !isFollowed {
            let isFree = members[name.typeName.rawValue] == nil && may(["get"], name.typeName.rawValue, "*")
            let isNew = base[name]?.revision != result[name]?.revision
            if !isFree, !(isNew ? mayGet(name) || packed.contains(name) : base[name] != nil && sees(name)) {
                blame(id, "names \(name)")
            }
            guard id.typeName == "machines", may(["getSecure"], "machines", id.key.string), !isNew else { continue }
            for holder in sealed(name) where !may(["getSecure"], holder.typeName.rawValue, holder.key.string) {
                if base[holder]?.revision == result[holder]?.revision { blame(id, "opens \(holder)") }
            }
        }
    }

    private func sealed(_ id: ObjectID, _ depth: Int = 0) -> Set<ObjectID> {
        guard let object = base[id]?.object, ["profiles", "stages"].contains(id.typeName), depth < 8 else { return [] }
        let isSealed = (object["Params"]?.objectValue ?? [:]).values.contains(where: SecureData.isSealed)
        let below = Self.names(id, object).filter { $0.typeName == "profiles" }.flatMap { sealed($0, depth + 1) }
        return Set(below + (isSealed ? [id] : []))
    }

    private mutating func judgeGifts(_ id: ObjectID, _ old: JSONObject, _ new: JSONObject) {
        func added(_ field: String) -> [JSONValue] {
            (new[field]?.arrayValue ?? []).filter { !(old[field]?.arrayValue ?? []).contains($0) }
        }
        if id.typeName == "users" {
            for case .string(let role) in added("Roles") where !may(["grant"], "roles", role) {
                let given =
                    base.object("roles", role)?.object["Claims"] ?? result.object("roles", role)?.object["Claims"]
                if !Claim.list(given).allSatisfy(holds) { blame(id, "gives \(role)") }
            }
        }
        if id.typeName == "roles", !may(["grant"], "roles", id.key.string) {
            for claim in Claim.list(.array(added("Claims"))) where !holds(all: claim) { blame(id, "grants \(claim)") }
        }
    }
}
