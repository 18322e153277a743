import ArgumentParser
import Client
import JSON

/// `muster history`.
struct HistoryCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Show who changed what, when and why, newest first.",
        discussion: """
            Examples:
              muster history
              muster history machine Name:web-1
              muster history --principal kate --since 2026-01-01T00:00:00Z
            """)

    @Argument(help: "The type.") var type: String?
    @Argument(help: "The key, or INDEX:VALUE.") var key: String?
    @Option(help: "Changes of this principal only.") var principal: String?
    @Option(help: ArgumentHelp("Changes from this time on.", valueName: "time")) var since: String?
    @Option(help: ArgumentHelp("Changes up to this time.", valueName: "time")) var until: String?
    @Option(help: "How many at the most.") var limit = 50
    @OptionGroup var client: ClientOptions

    func run(_ session: CommandSession) async throws {
        var query: [(name: String, value: String)] = [("limit", String(limit))]
        var path = ["history"]
        var rows = "records"
        if let type {
            let type = try await session.client.types().type(type)
            if let key {
                path = [type.name, key, "history"]
                rows = "versions"
            } else {
                query.append(("type", type.name))
            }
        }
        if rows == "records" {
            if let principal { query.append(("principal", principal)) }
            if let since { query.append(("since", since)) }
            if let until { query.append(("until", until)) }
        }
        let page = try await session.client.send(APIRequest("GET", path, query: query)).json()
        if session.isStructured { return try session.show(page) }
        var table = Table(["Revision", "Time", "Who", "What", "Why"])
        for row in page[rows]?.arrayValue ?? [] {
            let cells = ["revision", "time", "principal"].map { row[$0].map(FieldList.cell) ?? "" }
            table.add(cells + [Self.summary(row), row["reason"]?.stringValue ?? ""])
        }
        try session.console.write(table.text(table.widths(limit: Terminal.width), hasHeadings: true))
    }

    /// What a record or a version tells, in a few words.
    private static func summary(_ row: JSONValue) -> String {
        func words(_ change: JSONValue) -> String {
            ["action", "type"].compactMap { change[$0]?.stringValue }.joined(separator: " ")
                + (change["key"]?.stringValue.map { "/\($0)" } ?? "")
        }
        guard let changes = row["changes"]?.arrayValue else {
            let paths = row["diff"]?.arrayValue?.compactMap { $0["path"]?.stringValue } ?? []
            return ([row["action"]?.stringValue ?? ""] + paths.prefix(4)).joined(separator: " ")
        }
        let count = row["changeCount"]?.intValue ?? changes.count
        let rest = count > 2 ? " and \(count - 2) more" : ""
        return changes.prefix(2).map(words).joined(separator: ", ") + rest
    }
}

/// `muster show`.
struct ShowCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show an object as it was at a time or a revision.",
        discussion: """
            Examples:
              muster show machine Name:web-1 --at 2026-03-01T12:00:00Z
              muster show profile global --revision 4711 -o yaml
            """)

    @Argument(help: "The type.") var type: String
    @Argument(help: "The key, or INDEX:VALUE.") var key: String
    @Option(help: ArgumentHelp("A time, as 2026-03-01T12:00:00Z.", valueName: "time")) var at: String?
    @Option(help: "A revision.") var revision: UInt64?
    @OptionGroup var client: ClientOptions

    func validate() throws {
        if (at == nil) == (revision == nil) { throw ValidationError("Say --at TIME or --revision R") }
    }

    func run(_ session: CommandSession) async throws {
        let type = try await session.client.types().type(type)
        let query = at.map { [(name: "at", value: $0)] } ?? [("revision", String(revision ?? 0))]
        let object = try await session.client.send(APIRequest("GET", [type.name, key], query: query)).json()
        try session.show(object) { type.path(of: $0) }
    }
}

/// `muster undo`.
struct UndoCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo", abstract: "Take back what one revision did.",
        discussion: """
            What has been changed since stays as it is, and refuses the undo.

            Examples:
              muster undo 4711 --dry-run
              muster undo 4711 --reason 'wrong rack'
            """)

    @Argument(help: "The revision, as `muster history` tells it.") var revision: UInt64
    @OptionGroup var writing: WriteOptions
    @OptionGroup var client: ClientOptions

    func run(_ session: CommandSession) async throws {
        let request = APIRequest(
            "POST", ["changes", String(revision), "undo"], query: writing.query, headers: writing.headers, body: [:])
        let answer = try await session.client.send(request).json()
        if writing.isDryRun || session.isStructured { return try session.show(answer) }
        let count = answer["changes"]?.arrayValue?.count ?? 0
        try session.console.write(
            "revision \(revision) is undone by revision \(answer["revision"]?.intValue ?? 0), \(count) objects\n")
    }
}

/// `muster explain`.
struct ExplainCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Say where an object or the value of a param comes from.",
        discussion: """
            Examples:
              muster explain stage base-system
              muster explain machine Name:web-1 install/disk
            """)

    @Argument(help: "The type.") var type: String
    @Argument(help: "The key, or INDEX:VALUE.") var key: String
    @Argument(help: "A param, whose sources are shown in order.") var param: String?
    @OptionGroup var client: ClientOptions

    func run(_ session: CommandSession) async throws {
        let type = try await session.client.types().type(type)
        let path = param.map { [type.name, key, "params", $0, "explain"] } ?? [type.name, key, "explain"]
        let answer = try await session.client.send(APIRequest("GET", path)).json()
        guard session.form.isTable, param != nil else { return try session.show(answer) }
        var table = Table(["", "From", "Layer", "Value", "Set by", "When"])
        for (index, value) in (answer["values"]?.arrayValue ?? []).enumerated() {
            let source = [value["type"]?.stringValue ?? "", value["key"]?.stringValue ?? ""].joined(separator: "/")
            table.add([
                index == 0 ? "*" : "", source, value["layer"]?["name"]?.stringValue ?? "",
                value["value"].map(FieldList.cell) ?? "", value["setBy"]?["principal"]?.stringValue ?? "",
                value["setBy"]?["time"]?.stringValue ?? "",
            ])
        }
        if let standard = answer["default"], !standard.isNull {
            table.add([table.isEmpty ? "*" : "", "default of the param", "", FieldList.cell(standard), "", ""])
        }
        try session.console.write(table.text(table.widths(limit: Terminal.width), hasHeadings: true))
    }
}
