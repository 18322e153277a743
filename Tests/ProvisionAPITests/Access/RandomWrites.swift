import Basics
import HTTPTypes
import JSON
import StoreTesting
import Tracker

/// Random writes of all kinds over a small world, many of them odd: names in other cases, patches that move and copy, references
/// to anything, secrets, roles and tenants in any place.
struct RandomWrites {
    struct Request {
        let method: HTTPRequest.Method
        let path: String
        let body: JSONValue?
    }

    private static let types = [
        "profiles", "profiles", "machines", "machines", "stages", "roles", "users", "tenants", "params",
    ]
    private var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    /// The next write to a server in that state.
    mutating func next(in state: Snapshot) -> Request {
        switch Int.random(in: 0..<10, using: &random) {
        case 0...4: return single(in: state)
        case 5...6:
            let changes = (0..<Int.random(in: 1...4, using: &random)).map { _ in change(in: state) }
            return Request(method: .post, path: "changes", body: ["changes": .array(changes)])
        case 7:
            let back = UInt64.random(in: 0...6, using: &random)
            let revision = max(1, state.revision.number - min(back, state.revision.number - 1))
            let query = Bool.random(using: &random) ? "?force=true" : ""
            return Request(method: .post, path: "changes/\(revision)/undo\(query)", body: [:])
        case 8: return pack(in: state)
        default: return part(in: state)
        }
    }

    /// Claims for a role.
    mutating func claims() -> JSONValue {
        let actions = [
            "*", "list,get", "get,update", "get,create,delete", "get,update:/Params", "get,create,update",
            "get,update,updateSecure", "get,getSecure", "password",
        ]
        return .array(
            (0..<Int.random(in: 3...6, using: &random)).map { _ in
                let scope = pick([
                    "machines", "profiles", "stages", "users", "roles", "tenants", "contents", "params",
                    "machines,profiles,stages", "users,roles,tenants",
                ])
                var action = pick(actions)
                if action.contains("Secure"), scope != "machines", scope != "profiles" { action = "get,update" }
                if action == "password", scope != "users" { action = "get" }
                if scope == "contents", action != "*" { action = "get,create,update,delete" }
                let specific =
                    Int.random(in: 0..<4, using: &random) > 0 ? "*" : pick(["p0", "p1,p2", "u1", "r1", "t0", "k0"])
                return ["scope": .string(scope), "action": .string(action), "specific": .string(specific)]
            })
    }

    // MARK: Kinds of writes

    private mutating func single(in state: Snapshot) -> Request {
        let type = pick(Self.types)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: return Request(method: .post, path: type, body: .object(object(type, in: state)))
        case 1: return Request(method: .delete, path: "\(type)/\(key(type, in: state))", body: nil)
        case 2:
            let key = key(type, in: state)
            return Request(method: .put, path: "\(type)/\(key)", body: .object(changed(type, key, in: state)))
        default: return Request(method: .patch, path: "\(type)/\(key(type, in: state))", body: patch(type, in: state))
        }
    }

    private mutating func change(in state: Snapshot) -> JSONValue {
        let type = pick(Self.types)
        let key = key(type, in: state)
        var change: JSONObject = ["type": .string(type), "key": .string(key)]
        switch Int.random(in: 0..<5, using: &random) {
        case 0:
            let object = object(type, in: state)
            change["op"] = "create"
            change["object"] = .object(object)
            change["key"] = Bool.random(using: &random) ? nil : object["Name"] ?? .string(key)
        case 1: change["op"] = "delete"
        case 2:
            change["op"] = "replace"
            change["object"] = .object(changed(type, key, in: state))
        default:
            change["op"] = "patch"
            change["patch"] = patch(type, in: state)
        }
        return .object(change)
    }

    private mutating func pack(in state: Snapshot) -> Request {
        let name = pick(["k0", "k1"])
        let isThere = state.stack[name] != nil
        if isThere, Int.random(in: 0..<3, using: &random) == 0 {
            return Request(method: .delete, path: "contents/\(name)", body: nil)
        }
        var sections: JSONObject = [:]
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let type = pick(["profiles", "profiles", "stages", "roles", "users", "tenants", "params"])
            var section = sections[type]?.objectValue ?? [:]
            section[name + pick(["a", "b"])] = .object(
                object(type, in: state).filter { name, _ in name.lowercased() != "name" })
            sections[type] = .object(section)
        }
        let body: JSONValue = ["meta": ["Name": .string(name)], "sections": .object(sections)]
        return isThere
            ? Request(method: .put, path: "contents/\(name)", body: body)
            : Request(method: .post, path: "contents", body: body)
    }

    private mutating func part(in state: Snapshot) -> Request {
        let type = pick(["profiles", "machines", "stages"])
        let path = "\(type)/\(key(type, in: state))"
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return Request(method: .post, path: "\(path)/params", body: params())
        case 1: return Request(method: .delete, path: "\(path)/params/\(pick(["ss", "open"]))", body: nil)
        case 2:
            return Request(
                method: .patch, path: "\(path)/params", body: [["op": "add", "path": "/ss", "value": "hush"]])
        case 3:
            return Request(
                method: .patch, path: "meta/\(path)",
                body: [["op": "add", "path": "/a", "value": .string(pick(["1", "2"]))]])
        case 4:
            let user = key("users", in: state)
            return Request(method: .put, path: "users/\(user)/password", body: ["Password": "changed"])
        default:
            return Request(
                method: .post, path: "\(path)/params/\(pick(["ss", "open"]))", body: .string(pick(["x", "hush"])))
        }
    }

    // MARK: Pieces

    private mutating func object(_ type: String, in state: Snapshot) -> JSONObject {
        var object: JSONObject = [
            pick(["Name", "name", "NAME"]): .string("\(type.prefix(1))\(Int.random(in: 0..<8, using: &random))")
        ]
        if Int.random(in: 0..<6, using: &random) == 0 {
            object[pick(["Name", "nAme"])] = .string("\(type.prefix(1))9")
        }
        for _ in 0..<Int.random(in: 0...2, using: &random) {
            let (name, value) = member(type, in: state)
            object[Bool.random(using: &random) ? name : name.lowercased()] = value
        }
        return object
    }

    private mutating func changed(_ type: String, _ key: String, in state: Snapshot) -> JSONObject {
        var object = state.object(TypeName(type), key)?.object ?? [:]
        object["PasswordHash"] = nil
        let (name, value) = member(type, in: state)
        object[name] = value
        return object
    }

    private mutating func patch(_ type: String, in state: Snapshot) -> JSONValue {
        .array(
            (0..<Int.random(in: 1...3, using: &random)).map { _ in
                let (name, value) = member(type, in: state)
                let path = JSONValue.string(
                    "/" + (Int.random(in: 0..<5, using: &random) == 0 ? name.lowercased() : name))
                switch Int.random(in: 0..<8, using: &random) {
                case 0:
                    return [
                        "op": "copy", "from": .string(pick(["/Description", "/Profiles", "/Params"])), "path": path,
                    ]
                case 1: return ["op": "test", "path": "/Description", "value": ""]
                case 2:
                    guard case .array(let elements) = value, let first = elements.first else { break }
                    return ["op": "add", "path": .string("/\(name)/-"), "value": first]
                case 3:
                    guard case .object(let members) = value, let first = members.members.first else { break }
                    return ["op": "add", "path": .string("/\(name)/\(first.key)"), "value": first.value]
                default: break
                }
                return ["op": "add", "path": path, "value": value]
            })
    }

    private mutating func member(_ type: String, in state: Snapshot) -> (String, JSONValue) {
        if Int.random(in: 0..<4, using: &random) == 0 { return ("Description", .string(pick(["", "one", "two"]))) }
        switch type {
        case "machines", "stages", "profiles":
            switch Int.random(in: 0..<4, using: &random) {
            case 0: return ("Params", params())
            case 1 where type == "machines": return ("Stage", .string(key("stages", in: state)))
            case 2: return ("Meta", ["b": .string(pick(["1", "2"]))])
            default: return ("Profiles", [.string(key("profiles", in: state))])
            }
        case "users":
            return Bool.random(using: &random)
                ? ("Roles", [.string(key("roles", in: state))])
                : ("PasswordHash", .string(Base64.encode(Array(pick(["a", "b"]).utf8))))
        case "roles": return ("Claims", claims())
        case "tenants":
            let typeName = pick(["profiles", "machines"])
            return Bool.random(using: &random)
                ? ("Members", [typeName: [.string(key(typeName, in: state)), .string(key(typeName, in: state))]])
                : ("Users", [.string(key("users", in: state))])
        default: return ("Secure", .bool(Bool.random(using: &random)))
        }
    }

    private mutating func params() -> JSONValue {
        [pick(["ss", "open"]): .string(pick(["x", "y", "hush"]))]
    }

    private mutating func key(_ type: String, in state: Snapshot) -> String {
        let keys = (state[TypeName(type)]?.objects.map { $0.0.string } ?? []).filter {
            $0 != "superuser" && $0 != "rocketskates" && $0 != "global"
        }
        return Int.random(in: 0..<12, using: &random) == 0 ? "absent" : keys.randomElement(using: &random) ?? "none"
    }

    private mutating func pick(_ texts: [String]) -> String { texts.randomElement(using: &random) ?? "" }
}
