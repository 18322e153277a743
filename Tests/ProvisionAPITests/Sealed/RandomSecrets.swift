import Access
import Basics
import HTTPTypes
import JSON
import StoreTesting
import Tracker

@testable import HTTPServing
@testable import ProvisionAPI

/// Random changes to objects with secure params, and a model of what their values are.
struct RandomSecrets {
    static let api = "/api/v3"
    /// No value of a param that was secure when it was written is without this text.
    static let mark = "never-in-clear-"
    /// Always secure; `late` is so only now and then, and never has a secret.
    static let secure = ["s/one", "s/two"]
    static let late = "s/late"

    /// What the params of an object are, opened; by the object's path.
    private(set) var model: [String: [String: JSONValue]] = [:]
    /// The model before the newest change, if that can be undone, and the revision to undo.
    private var earlier: [String: [String: JSONValue]]?

    private let server: TestServer
    private let browser: Browser
    private var random: SeededGenerator
    private var count = 0

    init(_ server: TestServer, _ browser: Browser, seed: UInt64) async throws {
        (self.server, self.browser) = (server, browser)
        random = SeededGenerator(seed: seed)
        for name in Self.secure {
            _ = try await send(.post, "/params", ["Name": .string(name), "Secure": true])
        }
        _ = try await send(.post, "/params", ["Name": .string(Self.late)])
    }

    /// Does one thing, and notes what it must lead to.
    mutating func step() async throws -> String {
        let before = model
        let isUndo = earlier != nil && Int.random(in: 0..<6, using: &random) == 0
        if isUndo, let back = earlier {
            let revision = server.tracker.snapshot.revision
            _ = try await send(.post, "/changes/\(revision)/undo", [:])
            (model, earlier) = (back, nil)
            return "undo \(revision)"
        }
        let revision = server.tracker.snapshot.revision
        let done = try await change()
        earlier = server.tracker.snapshot.revision == revision ? nil : before
        return done
    }

    private mutating func change() async throws -> String {
        let path = ["/profiles/p1", "/profiles/p2", "/stages/s1", "/kk/k1"].randomElement(using: &random) ?? ""
        guard let known = model[path] else { return try await create(path) }
        switch Int.random(in: 0..<11, using: &random) {
        case 0: return try await remove(path)
        case 1: return try await setPack()
        case 2: return try await toggleLate()
        case 3: return try await seal(path)
        default: return try await write(path, over: known)
        }
    }

    private mutating func create(_ path: String) async throws -> String {
        let params = values()
        let field = path.hasPrefix("/kk") ? "Id" : "Name"
        let type = String(path.dropFirst().prefix { $0 != "/" })
        _ = try await send(
            .post, "/\(type)", [field: .string(String(path.suffix(2))), "Params": .object(JSONObject(params))])
        model[path] = params
        return "create \(path)"
    }

    private mutating func remove(_ path: String) async throws -> String {
        _ = try await send(.delete, path)
        model[path] = nil
        return "delete \(path)"
    }

    /// Writes clear values in one of many ways.
    private mutating func write(_ path: String, over known: [String: JSONValue]) async throws -> String {
        let params = values()
        let object = JSONValue.object(JSONObject(params))
        let way = Int.random(in: 0..<5, using: &random)
        model[path] = params
        switch way {
        case 0: _ = try await send(.post, "\(path)/params", object)
        case 1: _ = try await send(.patch, path, [["op": "replace", "path": "/Params", "value": object]])
        case 2: _ = try await send(.patch, "\(path)/params", [["op": "replace", "path": "", "value": object]])
        case 3:
            let parts = path.split(separator: "/").map { JSONValue.string(String($0)) }
            let patch: JSONValue = [["op": "replace", "path": "/Params", "value": object]]
            let change: JSONValue = ["op": "patch", "type": parts[0], "key": parts[1], "patch": patch]
            _ = try await send(.post, "/changes?dryRun=true", ["changes": [change]])
            _ = try await send(.post, "/changes", ["changes": [change]])
        default:
            let (name, value) = params.randomElement(using: &random) ?? (Self.secure[0], "")
            let old = known.merging([name: value]) { $1 }
            _ = try await send(.post, "\(path)/params/\(name)", value)
            model[path] = old
        }
        return "write \(path), way \(way)"
    }

    /// Writes a value as clients seal it.
    private mutating func seal(_ path: String) async throws -> String {
        let text = try await browser.get("\(Self.api)\(path)/pubkey").json.stringValue ?? ""
        let (name, value) = (Self.secure[0], secret())
        let box = try SecureData.seal(value, for: Base64.decode(text) ?? [], server.tracker.environment)
        _ = try await send(.post, "\(path)/params/\(name)", box.value)
        model[path]?[name] = value
        return "seal for \(path)"
    }

    /// Puts a pack with an object on the stack, or another in its place, or takes it off.
    private mutating func setPack() async throws -> String {
        let path = "/profiles/packed"
        if model[path] != nil, Bool.random(using: &random) {
            _ = try await send(.delete, "/contents/pack")
            model[path] = nil
            return "remove pack"
        }
        let params = values()
        let pack: JSONValue = [
            "meta": ["Name": "pack"],
            "sections": ["profiles": ["packed": ["Name": "packed", "Params": .object(JSONObject(params))]]],
        ]
        let isNew = model[path] == nil
        _ = try await send(isNew ? .post : .put, isNew ? "/contents" : "/contents/pack", pack)
        model[path] = params
        return "push pack"
    }

    private mutating func toggleLate() async throws -> String {
        let patch: JSONValue = [["op": "replace", "path": "/Secure", "value": .bool(Bool.random(using: &random))]]
        _ = try await send(.patch, "/params/\(Self.late)", patch)
        return "set \(Self.late)"
    }

    private mutating func values() -> [String: JSONValue] {
        var values: [String: JSONValue] = [:]
        for name in Self.secure where Bool.random(using: &random) { values[name] = secret() }
        if Bool.random(using: &random) {
            count += 1
            values[Self.late] = .string("open \(count)")
        }
        return values
    }

    private mutating func secret() -> JSONValue {
        count += 1
        let text = JSONValue.string("\(Self.mark)\(count)")
        return [text, [text], ["deep": ["er": text]]].randomElement(using: &random) ?? text
    }

    /// Sends a change, which must be taken, and looks for secrets in the answer.
    private func send(_ method: HTTPRequest.Method, _ path: String, _ body: JSONValue? = nil) async throws -> Answer {
        let answer = try await browser.send(method, "\(Self.api)\(path)", body)
        guard (200..<300).contains(answer.status), !answer.text.contains(Self.mark) else {
            throw TestFailure("\(method) \(path): \(answer.status) \(answer.text)")
        }
        return answer
    }
}
