import ArgumentParser
import Client
import JSON

/// The flags of commands that write.
struct WriteOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Why, for the history.", valueName: "text")) var reason: String?
    @Flag(name: .customLong("dry-run"), help: "Show what would change, and change nothing.") var isDryRun = false

    /// The headers that say why.
    var headers: [(name: String, value: String)] { reason.map { [("X-Change-Reason", $0)] } ?? [] }
    /// The argument that asks for a dry run.
    var query: [(name: String, value: String)] { isDryRun ? [("dryRun", "true")] : [] }
}

/// One write of one object, as a request of its own or, for dry runs, as a change set of one.
struct ObjectWrite {
    /// What is done, in the words of change sets.
    enum Action {
        case create(JSONObject)
        case replace(JSONObject)
        case patch([JSONValue])
        case delete
    }

    let action: Action
    let type: TypeDescription
    /// The key, or INDEX:VALUE; empty for what is created.
    var key = ""
    /// Headers beside the reason.
    var headers: [(name: String, value: String)] = []

    /// What has become of the object.
    var outcome: String {
        switch action {
        case .create: "created"
        case .replace, .patch: "changed"
        case .delete: "deleted"
        }
    }

    /// The request that does it.
    func request(_ writing: WriteOptions) -> APIRequest {
        let headers = headers + writing.headers
        if writing.isDryRun {
            return APIRequest("POST", ["changes"], query: writing.query, headers: headers, body: ["changes": [change]])
        }
        switch action {
        case .create(let object): return APIRequest("POST", [type.name], headers: headers, body: .object(object))
        case .replace(let object): return APIRequest("PUT", [type.name, key], headers: headers, body: .object(object))
        case .patch(let patch): return APIRequest("PATCH", [type.name, key], headers: headers, body: .array(patch))
        case .delete: return APIRequest("DELETE", [type.name, key], headers: headers)
        }
    }

    private var change: JSONValue {
        var change: JSONObject = ["type": .string(type.name)]
        if !key.isEmpty { change["key"] = .string(key) }
        switch action {
        case .create(let object): (change["op"], change["object"]) = ("create", .object(object))
        case .replace(let object): (change["op"], change["object"]) = ("replace", .object(object))
        case .patch(let patch): (change["op"], change["patch"]) = ("patch", .array(patch))
        case .delete: change["op"] = "delete"
        }
        return .object(change)
    }
}

extension CommandSession {
    /// Sends a write and says what became of it: in table form one line, as `machines/… created`.
    func perform(_ write: ObjectWrite, _ writing: WriteOptions) async throws(ClientError) {
        let answer = try await client.send(write.request(writing)).json()
        guard !writing.isDryRun else { return try showEffects(answer) }
        if format != nil, !form.isTable { return try show(answer) { write.type.path(of: $0) } }
        try console.write("\(write.type.path(of: answer)) \(write.outcome)\n")
    }

    /// Shows what a dry run tells.
    func showEffects(_ answer: JSONValue) throws(ClientError) {
        if isStructured { return try show(answer) }
        try console.write(ChangeText(isColoured: Terminal.hasColour).text(of: answer))
    }
}
