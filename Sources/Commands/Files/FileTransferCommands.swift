import ArgumentParser
import Basics
import Client
import JSON

/// `muster files upload`.
struct UploadFileCommand<Area: FileArea>: ClientCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "upload", abstract: "Upload \(Area.item).",
            discussion: """
                A file that is there is replaced when all of the new one has come. Folders on the way are made.

                Examples:
                  muster \(Area.name) upload \(Area.example)
                  muster \(Area.name) upload ./\(LocalFile.name(of: Area.example)) \(Area.example)
                  muster \(Area.name) upload site.tar.gz site/all.tar.gz --explode
                """)
    }

    @Argument(help: "The file here.", completion: .file()) var source: String
    @Argument(
        help: ArgumentHelp("The path on the server, if it is not called as here.", valueName: "\(Area.name)-path"))
    var path: String?
    @Flag(help: "Also unpack the archive, into the folder that it is put in.") var explode = false
    @OptionGroup var client: ClientOptions

    /// It tells how far it is itself.
    var tellsWaiting: Bool { false }

    func run(_ session: CommandSession) async throws {
        let target = try Area.path(path ?? LocalFile.name(of: source))
        let request = APIRequest("POST", target, query: explode ? [("explode", "true")] : [])
        let answer = try await session.upload(source, by: request)
        if session.isStructured { return try session.show(answer) }
        let size = ProgressLine.size(Int(answer["Size"]?.intValue ?? 0))
        try session.console.write(
            "\(target.joined(separator: "/")) uploaded, \(size)\(explode ? " and unpacked" : "")\n")
    }
}

/// `muster files download`.
struct DownloadFileCommand<Area: FileArea>: ClientCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "download", abstract: "Download \(Area.item).",
            discussion: """
                The file gets its name when all of it is here and its checksum is right; a file of that name is replaced.

                Examples:
                  muster \(Area.name) download \(Area.example)
                  muster \(Area.name) download \(Area.example) /srv/copy
                  muster \(Area.name) download \(Area.example) - | sha256sum
                """)
    }

    @Argument(help: ArgumentHelp("The path on the server.", valueName: "\(Area.name)-path")) var path: String
    @Argument(
        help: ArgumentHelp(
            "The file or folder here, if it is not to be called as there; - is standard output.", valueName: "file"),
        completion: .file())
    var file: String?
    @OptionGroup var client: ClientOptions

    /// It tells how far it is itself.
    var tellsWaiting: Bool { false }

    func run(_ session: CommandSession) async throws {
        let source = try Area.path(path)
        let name = LocalFile.name(of: path)
        try await session.download(APIRequest("GET", source), called: name, to: file ?? name)
    }
}
