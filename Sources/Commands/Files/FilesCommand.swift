import ArgumentParser
import Basics
import Client
import JSON

/// `muster files` and `muster isos`.
struct FilesCommand<Area: FileArea>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: Area.name, abstract: "List, upload, download and remove \(Area.contents) of the server.",
            discussion: """
                \(Area.purpose)

                Examples:
                  muster \(Area.name) list
                  muster \(Area.name) upload \(Area.example)
                  muster \(Area.name) download \(Area.example)
                """,
            subcommands: [
                ListFilesCommand<Area>.self, UploadFileCommand<Area>.self, DownloadFileCommand<Area>.self,
                RemoveFileCommand<Area>.self,
            ])
    }
}

/// `muster files list`.
struct ListFilesCommand<Area: FileArea>: ClientCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "list", abstract: "List the \(Area.contents) of a folder.",
            discussion: """
                Folders end with a slash.

                Examples:
                  muster \(Area.name) list
                  muster \(Area.name) list site --all
                """, aliases: ["ls"])
    }

    @Argument(help: "The folder, if not the topmost.") var path: String?
    @Flag(help: "List what is in folders below, too.") var all = false
    @OptionGroup var client: ClientOptions

    func run(_ session: CommandSession) async throws {
        var query = path.map { [(name: "path", value: $0)] } ?? []
        if all { query.append(("all", "true")) }
        let request = APIRequest("GET", [Area.name], query: query)
        if case .json = session.form { return try await session.copy(request) }
        let names = try await session.client.send(request).json()
        switch session.form {
        case .table, .wide, .name:
            for name in names.arrayValue ?? [] { try session.console.write((name.stringValue ?? "") + "\n") }
        default: try session.show(names)
        }
    }
}

/// `muster files rm`.
struct RemoveFileCommand<Area: FileArea>: ClientCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "rm", abstract: "Remove \(Area.item), or an empty folder.",
            discussion: """
                Examples:
                  muster \(Area.name) rm \(Area.example)
                """, aliases: ["destroy"])
    }

    @Argument(help: ArgumentHelp("The path on the server.", valueName: "\(Area.name)-path")) var path: String
    @OptionGroup var client: ClientOptions

    func run(_ session: CommandSession) async throws {
        let target = try Area.path(path)
        _ = try await session.client.send(APIRequest("DELETE", target))
        try session.console.write("\(target.joined(separator: "/")) removed\n")
    }
}
