import ArgumentParser
import Basics
import Client
import JSON

/// `muster packs`.
struct PacksCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "packs", abstract: "Make, check, upload and compare content packs.",
        discussion: """
            A pack is a layer of objects with a name and a version. On disk it is a folder TYPE/NAME.yaml with `._Name.meta` and \
            other files for its metadata, or one file with all of that, which `bundle` makes.

            Examples:
              muster packs new shop
              muster packs lint shop/
              muster packs plan shop/
              muster packs apply shop/ --reason 'new time zone'
            """,
        subcommands: [
            NewPackCommand.self, LintPackCommand.self, BundleCommand.self, UnbundleCommand.self, UploadPackCommand.self,
            ListPacksCommand.self, GetPackCommand.self, RemovePackCommand.self, PlanPackCommand.self,
            ApplyPackCommand.self,
            DriftCommand.self, RollbackCommand.self,
        ])
}

/// `muster packs list`.
struct ListPacksCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the packs of the server, in the order of its layers.",
        discussion: """
            Examples:
              muster packs list
              muster packs list -o json
            """, aliases: ["ls"])

    @OptionGroup var client: ClientOptions

    func run(_ session: CommandSession) async throws {
        let packs = try await session.client.send(APIRequest("GET", ["contents"])).json()
        guard session.form.isTable else {
            return try session.show(packs) { $0["meta"]?["Name"]?.stringValue ?? "" }
        }
        var table = Table(["Name", "Version", "Type", "Objects", "From"])
        for pack in packs.arrayValue ?? [] {
            let meta = pack["meta"] ?? .null
            let count = pack["Counts"]?.objectValue?.values.reduce(0) { $0 + ($1.intValue ?? 0) } ?? 0
            table.add(
                ["Name", "Version", "Type"].map { meta[$0]?.stringValue ?? "" }
                    + [String(count), meta["CodeSource"]?.stringValue ?? ""])
        }
        try session.console.write(table.text(table.widths(limit: Terminal.width), hasHeadings: true))
    }
}

/// `muster packs get`.
struct GetPackCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Show a pack as the server has it, with all its objects.",
        discussion: """
            Examples:
              muster packs get shop -o json > shop.json
              muster packs get shop -o yaml
            """)

    @Argument(help: ArgumentHelp("The pack's name.", valueName: "pack")) var name: String
    @OptionGroup var client: ClientOptions

    func run(_ session: CommandSession) async throws {
        try session.show(await session.client.send(APIRequest("GET", ["contents", name])).json()) { _ in name }
    }
}

/// `muster packs rm`.
struct RemovePackCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Remove an uploaded pack from the server.",
        discussion: """
            Examples:
              muster packs rm shop --dry-run
              muster packs rm shop --reason 'closed'
            """)

    @Argument(help: ArgumentHelp("The pack's name.", valueName: "pack")) var name: String
    @OptionGroup var writing: WriteOptions
    @OptionGroup var client: ClientOptions

    func run(_ session: CommandSession) async throws {
        let request = APIRequest("DELETE", ["contents", name], query: writing.query, headers: writing.headers)
        let answer = try await session.client.send(request)
        if writing.isDryRun { return try session.showEffects(answer.json()) }
        try session.console.write("contents/\(name) removed\n")
    }
}
