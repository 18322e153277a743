import HTTPTypes
import JSON
import StoreTesting
import Testing

@testable import HTTPServing
@testable import ProvisionAPI

/// A server with random objects, roles, tenants and users, and what each of the users gets to see of it.
struct RandomAccessModel {
    /// An object by type and key.
    struct Name: Hashable, CustomStringConvertible {
        let type: String
        let key: String
        var description: String { "\(type)/\(key)" }
    }

    static let api = "/api/v3"
    /// The types that random claims and tenants are about.
    static let types = ["machines", "profiles", "stages", "roles", "users", "tenants"]

    let browser: Browser
    /// All objects of the types, but those that cannot be told apart by key.
    private(set) var objects: [Name] = []
    /// One for each user, by name.
    private(set) var users: [(name: String, browser: Browser)] = []
    private var random: SeededGenerator

    init(_ browser: Browser, seed: UInt64) async throws {
        self.browser = browser
        random = SeededGenerator(seed: seed)
        try await makeObjects()
        for number in 0..<4 { try await make("roles", ["Name": .string("r\(number)"), "Claims": .array(claims())]) }
        for number in 0..<6 { try await makeUser("u\(number)") }
        try await makeTenants()
        for type in Self.types {
            let field = type == "machines" ? "Uuid" : "Name"
            let all = try await browser.get("\(Self.api)/\(type)").json.arrayValue ?? []
            objects += all.compactMap { $0[field]?.stringValue.map { Name(type: type, key: $0) } }
        }
    }

    private mutating func makeObjects() async throws {
        for number in 0..<4 {
            try await make("profiles", ["Name": .string("p\(number)"), "Params": ["color": .string("c\(number)")]])
            try await make("stages", ["Name": .string("s\(number)")])
        }
        for number in 0..<5 {
            let profiles = (0..<4).filter { _ in Bool.random(using: &random) }.map { JSONValue.string("p\($0)") }
            let machine = try await make(
                "machines",
                ["Name": .string("m\(number)"), "Profiles": .array(profiles), "Stage": .string("s\(number % 4)")])
            let key = machine["Uuid"]?.stringValue ?? ""
            let patch: JSONValue = [["op": "add", "path": "/Description", "value": "changed"]]
            #expect(try await browser.send(.patch, "\(Self.api)/machines/\(key)", patch).status == 200)
            objects.append(Name(type: "machines", key: key))
        }
        objects = objects.filter { $0.type == "machines" }
    }

    private mutating func claims() -> [JSONValue] {
        let actions = [
            "*", "list", "get", "list,get", "update", "list,get,update", "create,delete", "get,update:/Params",
        ]
        return (0..<Int.random(in: 1...3, using: &random)).map { _ in
            let scope = pick(Self.types + ["*", "machines,profiles", "contents", "info", "preferences"])
            let action = scope == "preferences" ? "list" : scope == "info" ? "get" : pick(actions)
            let keys = objects.map(\.key) + ["p0", "p1", "p2", "s0", "s1", "r0", "u1", "p1,p2,s2", "global"]
            let specific = Bool.random(using: &random) ? "*" : pick(keys)
            return ["scope": .string(scope), "action": .string(action), "specific": .string(specific)]
        }
    }

    private mutating func makeUser(_ name: String) async throws {
        let roles = (0..<4).filter { _ in Int.random(in: 0..<3, using: &random) == 0 }.map { "r\($0)" }
        let all = Int.random(in: 0..<6, using: &random) == 0 ? ["superuser"] : roles
        try await make("users", ["Name": .string(name), "Roles": JSONValue(all)])
        let token = try await browser.get("\(Self.api)/users/\(name)/token").json["Token"]?.stringValue ?? ""
        users.append((name, browser.with("Bearer \(token)")))
    }

    private mutating func makeTenants() async throws {
        for number in 0..<2 {
            var members: JSONObject = [:]
            for type in Self.types where Bool.random(using: &random) {
                let keys = type == "machines" ? objects.map(\.key) : (0..<4).map { "\(type.prefix(1))\($0)" }
                members[type] = JSONValue(keys.filter { _ in Bool.random(using: &random) })
            }
            let tenant: JSONValue = [
                "Name": .string("t\(number)"), "Members": .object(members), "Users": [.string("u\(number)")],
            ]
            try await make("tenants", tenant)
        }
    }

    @discardableResult
    private func make(_ type: String, _ object: JSONValue) async throws -> JSONValue {
        let answer = try await browser.send(.post, "\(Self.api)/\(type)", object)
        if answer.status != 201 { throw TestFailure("\(type): \(answer.text)") }
        return answer.json
    }

    private mutating func pick(_ texts: [String]) -> String { texts.randomElement(using: &random) ?? "" }

    /// The objects that a user gets.
    func gettable(_ user: Browser) async throws -> Set<Name> {
        var seen: Set<Name> = []
        for name in objects {
            let answer = try await user.get("\(Self.api)/\(name.type)/\(name.key)")
            if answer.status == 200 { seen.insert(name) }
        }
        return seen
    }
}
