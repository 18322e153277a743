import ArgumentParser
import Client
import JSON

/// `muster create`.
struct CreateCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create an object.",
        discussion: """
            Examples:
              muster create machine Name=web-1 Address=10.0.0.11
              muster create profile -f profile.yaml
              muster create param Name=rack/slot 'Schema={"type": "integer"}'
            """)

    @Argument(help: "The type.") var type: String
    @Argument(help: ArgumentHelp("FIELD=VALUE; they cover what the file says.", valueName: "field=value"))
    var fields: [String] = []
    @Option(
        name: .short,
        help: ArgumentHelp("A file with the object, as JSON or YAML; - is standard input.", valueName: "file"),
        completion: .file())
    var file: String?
    @OptionGroup var writing: WriteOptions
    @OptionGroup var client: ClientOptions

    func validate() throws {
        if fields.isEmpty, file == nil { throw ValidationError("Say FIELD=VALUE, or -f FILE") }
    }

    func run(_ session: CommandSession) async throws {
        let type = try await session.client.types().type(type)
        var object: JSONObject = [:]
        if let file {
            object = try await InputDocument(reading: file)
                .object(as: ObjectShape.of(type.name), orElse: "; for several use `muster apply`")
        }
        for field in fields { try FieldAssignment(field, of: type).set(in: &object) }
        try await session.perform(ObjectWrite(action: .create(object), type: type), writing)
    }
}

/// `muster set`.
struct SetCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Set fields of an object.",
        discussion: """
            Examples:
              muster set machine Name:web-1 Description='rack 4, slot 11'
              muster set machine Name:web-1 Meta.rack=4 Runnable=false --reason 'repair'
            """)

    @Argument(help: "The type.") var type: String
    @Argument(help: "The key, or INDEX:VALUE.") var key: String
    @Argument(help: ArgumentHelp("FIELD=VALUE.", valueName: "field=value")) var fields: [String]
    @OptionGroup var writing: WriteOptions
    @OptionGroup var client: ClientOptions

    func run(_ session: CommandSession) async throws {
        let type = try await session.client.types().type(type)
        let patch = try fields.map { text throws(ClientError) in try FieldAssignment(text, of: type).operation }
        try await session.perform(ObjectWrite(action: .patch(patch), type: type, key: key), writing)
    }
}

/// `muster patch`.
struct PatchCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "patch", abstract: "Change an object by a JSON patch (RFC 6902).",
        discussion: """
            Operations of kind test protect from changing what somebody else has changed in between.

            Examples:
              muster patch machine Name:web-1 '[{"op": "add", "path": "/Profiles/-", "value": "debian-server"}]'
              muster patch machine Name:web-1 -f patch.json
            """)

    @Argument(help: "The type.") var type: String
    @Argument(help: "The key, or INDEX:VALUE.") var key: String
    @Argument(help: "The patch, as a JSON array.") var patch: String?
    @Option(
        name: .short, help: ArgumentHelp("A file with the patch; - is standard input.", valueName: "file"),
        completion: .file())
    var file: String?
    @OptionGroup var writing: WriteOptions
    @OptionGroup var client: ClientOptions

    func validate() throws {
        if (patch == nil) == (file == nil) { throw ValidationError("Say the patch, or -f FILE") }
    }

    func run(_ session: CommandSession) async throws {
        let type = try await session.client.types().type(type)
        let value: JSONValue
        if let file {
            value = try await InputDocument(reading: file).value()
        } else {
            do {
                value = try JSONValue(parsing: patch ?? "")
            } catch {
                throw ClientError(.usage, "the patch is no JSON: \(error)")
            }
        }
        guard let operations = value.arrayValue else {
            throw ClientError(.usage, "a patch is an array of operations. To set fields use `muster set`")
        }
        try await session.perform(ObjectWrite(action: .patch(operations), type: type, key: key), writing)
    }
}

/// `muster delete`.
struct DeleteCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete objects, all of them or none.",
        discussion: """
            More than one takes a yes on the terminal, or --yes.

            Examples:
              muster delete machine Name:web-1
              muster delete profiles a b c --yes
            """)

    @Argument(help: "The type.") var type: String
    @Argument(help: ArgumentHelp("The keys, or INDEX:VALUE.", valueName: "key")) var keys: [String]
    @Flag(name: .shortAndLong, help: "Do not ask.") var yes = false
    @OptionGroup var writing: WriteOptions
    @OptionGroup var client: ClientOptions

    func run(_ session: CommandSession) async throws {
        let type = try await session.client.types().type(type)
        if keys.count > 1, !yes, !writing.isDryRun {
            guard await Terminal.confirms("Delete \(keys.count) \(type.name)?") else {
                throw ClientError(.usage, "nothing is deleted: more than one object takes a yes, or --yes")
            }
        }
        guard keys.count > 1 else {
            return try await session.perform(ObjectWrite(action: .delete, type: type, key: keys[0]), writing)
        }
        let changes = keys.map { key -> JSONValue in ["op": "delete", "type": .string(type.name), "key": .string(key)] }
        let request = APIRequest(
            "POST", ["changes"], query: writing.query + (session.isStructured ? [] : [("brief", "true")]),
            headers: writing.headers, body: ["changes": .array(changes)])
        let answer = try await session.client.send(request).json()
        if writing.isDryRun { return try session.showEffects(answer) }
        if session.isStructured { return try session.show(answer) }
        for key in keys { try session.console.write("\(type.name)/\(key) deleted\n") }
    }
}
