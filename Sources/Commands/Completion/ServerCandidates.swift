import Basics
import Client
import JSON

/// What a server knows that can stand at the cursor: types, keys, fields, indexes, params and packs.
struct ServerCandidates {
    /// How long a server may take before nothing is offered, in seconds.
    private static let patience = 1
    /// How many objects are looked at.
    private static let rows = 200

    /// The types whose keys values are that are called so.
    private static let typesOfValues: [Identifier: String] = [
        "bootenv": "bootenvs", "job": "jobs", "machine": "machines", "param": "params", "plugin": "plugins",
        "provider": "plugin_providers", "subnet": "subnets", "template": "templates", "user": "users",
        "workflow": "workflows",
    ]

    let client: MusterClient
    let line: PartialCommandLine

    /// Candidates of the server that the flags of a command line, the environment or the context mean.
    ///
    /// - Throws: `ClientError` if there is none that is trusted already: completion asks nobody anything and trusts nobody new.
    init(_ line: PartialCommandLine) async throws(ClientError) {
        self.line = line
        let options = try ClientOptions(typed: line.options.map { ($0.argument.names, $0.value) })
        var settings = try await options.settings()
        if case .firstUse(let known) = settings.trust, settings.address.isSecure {
            let address = settings.address
            let isKnown = try await BlockingPool.shared.run { () throws(ClientError) in try known.knows(address) }
            guard isKnown else { throw ClientError(.untrusted, "\(address) was never met") }
        }
        // Who types a password has not sent it yet: it may be wrong, or for somebody else.
        settings.logsIn = options.password == nil
        (settings.connectSeconds, settings.readSeconds, settings.retries) = (Self.patience, Self.patience, 0)
        client = MusterClient(settings)
    }

    /// The candidates for the value of an argument; none if the server does not tell them.
    func candidates(for argument: CommandTree.Argument) async -> Candidates {
        let words = (try? await words(for: argument)) ?? []
        await client.close()
        return Candidates(
            words.map { .init(word: line.prefix + $0.word, about: $0.about, isWhole: $0.isWhole) },
            typed: line.prefix + line.typed)
    }

    /// What an argument means is told by what its value is called.
    private func words(for argument: CommandTree.Argument) async throws(ClientError) -> [Candidates.Candidate] {
        switch argument.valueName {
        case "type", "scope": try await types()
        case "key": try await keys(of: try await type(), typed: line.typed)
        case "object": try await objects()
        case "filter": try await indexes(of: try await type(), ending: "=")
        case "machine-filter": try await indexes(of: try await client.types().type("machines"), ending: "=")
        case "index": try await indexes(of: try await type(), ending: "")
        case "columns": try await columns()
        case "field=value": try await fields()
        case "param=value": try await keys(of: "params", ending: "=")
        case "preference=value": try await preferences()
        case "pack": try await packs()
        case "pool": try await pools()
        case "machines", "profiles", "params": try await keys(listedOf: argument.valueName)
        case "files-path": try await files(of: "files")
        case "isos-path": try await files(of: "isos")
        case let name:
            if let type = Self.typesOfValues[Identifier(name)] { try await keys(of: type, ending: "") } else { [] }
        }
    }

    private func types() async throws(ClientError) -> [Candidates.Candidate] {
        let all = try await client.types().all
        // An alias is offered to whoever began to type one.
        let aliases = line.typed.isEmpty ? [] : all.flatMap(\.aliases)
        return all.map { .init(word: $0.name) } + aliases.map { .init(word: $0) }
    }

    /// The type that the command line names.
    private func type() async throws(ClientError) -> TypeDescription {
        let places = line.command.positionals
        guard let place = places.indices.first(where: { places[$0].valueName.hasSameUTF8(as: "type") }),
            place < line.positionals.count
        else {
            throw ClientError(.usage, "no type is named")
        }
        return try await client.types().type(line.positionals[place])
    }

    /// Keys of a type: `Name:…` where a name is easier to type than a key.
    func keys(
        of type: TypeDescription, typed: String
    ) async throws(ClientError) -> [Candidates.Candidate] {
        let isNamed =
            !type.keyField.hasSameUTF8(as: "Name") && type.indexes.contains { $0.name == "Name" && $0.isUnique }
        guard isNamed, typed.isEmpty || "Name:".hasBytePrefix(typed) || typed.hasBytePrefix("Name:") else {
            return try await values(of: type.keyField, type.name, from: typed).map { .init(word: $0) }
        }
        let start = typed.hasBytePrefix("Name:") ? String(typed.dropFirst(5)) : ""
        return try await values(of: "Name", type.name, from: start).map { .init(word: "Name:\($0)") }
    }

    private func keys(of type: String, ending: String) async throws(ClientError) -> [Candidates.Candidate] {
        let description = try await client.types().type(type)
        if ending.isEmpty { return try await keys(of: description, typed: line.typed) }
        return try await values(of: description.keyField, description.name, from: line.typed).map {
            .init(word: $0 + ending, isWhole: ending.isEmpty)
        }
    }

    /// The values of an index from a text on, in their order.
    private func values(of index: String, _ type: String, from start: String) async throws(ClientError) -> [String] {
        var query = [("sort", index), ("limit", String(Self.rows)), ("slim", "Params,Meta")]
        if !start.isEmpty { query.append((index, "Gte(\(start))")) }
        let rows = try await client.send(APIRequest("GET", [type], query: query)).json().arrayValue ?? []
        return rows.compactMap { $0[index].map(FieldList.cell) }
    }

    /// `TYPE/` of types with params, or `TYPE/KEY`.
    private func objects() async throws(ClientError) -> [Candidates.Candidate] {
        guard let slash = line.typed.firstByteIndex(of: "/") else {
            return try await client.types().all.filter { $0.verbs.contains("params") }.flatMap {
                [$0.name] + $0.aliases
            }
            .map { .init(word: $0 + "/", isWhole: false) }
        }
        let type = try await client.types().type(String(line.typed[..<slash]))
        let key = String(line.typed[line.typed.utf8.index(after: slash)...])
        return try await keys(of: type, typed: key).map { .init(word: line.typed[...slash] + $0.word) }
    }

    /// Indexes to filter or sort by, and behind `INDEX=` the values that it has.
    private func indexes(
        of type: TypeDescription, ending: String
    ) async throws(ClientError) -> [Candidates.Candidate] {
        if !ending.isEmpty, let equals = line.typed.firstByteIndex(of: "=") {
            let name = String(line.typed[..<equals]),
                start = String(line.typed[line.typed.utf8.index(after: equals)...])
            return try await values(of: name, type.name, from: start).map { .init(word: "\(name)=\($0)") }
        }
        return type.indexes.map { .init(word: $0.name + ending, isWhole: ending.isEmpty) }
    }

    /// Fields to set, and the values of those that are true or false.
    private func fields() async throws(ClientError) -> [Candidates.Candidate] {
        try await type().fields.filter { !$0.isServerSet }.flatMap { field -> [Candidates.Candidate] in
            if line.typed.hasBytePrefix(field.name + "="), field.kind == "boolean" {
                return ["true", "false"].map { .init(word: "\(field.name)=\($0)") }
            }
            let isMap = field.name == "Meta" || field.name == "Params"
            return [.init(word: field.name + (isMap ? "." : "="), about: field.kind, isWhole: false)]
        }
    }

    /// Fields with commas between.
    private func columns() async throws(ClientError) -> [Candidates.Candidate] {
        let done = line.typed.utf8.lastIndex(of: UInt8(ascii: ",")).map { line.typed[...$0] } ?? ""
        return try await type().fields.map { .init(word: done + $0.name, isWhole: false) }
    }

}
