import ArgumentParser
import Basics
import Client
import JSON

/// `muster render`.
struct RenderCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "render", abstract: "Show what a template comes to for a machine.",
        discussion: """
            The template is one of the server's, or that of a file, which is not kept there. With --explain it is told which \
            params it read and where their values come from.

            Examples:
              muster render Name:web-1 kickstart.tmpl
              muster render Name:web-1 -f draft.tmpl
              muster render Name:web-1 kickstart.tmpl --explain
            """)

    @Argument(help: ArgumentHelp("The machine, or INDEX:VALUE.", valueName: "machine")) var machine: String
    @Argument(help: ArgumentHelp("The template's ID.", valueName: "template")) var template: String?
    @Option(
        name: .short, help: ArgumentHelp("A file with the template; - is standard input.", valueName: "file"),
        completion: .file())
    var file: String?
    @Flag(help: "Tell which params were read, and where their values come from.") var explain = false
    @OptionGroup var client: ClientOptions

    func validate() throws {
        if (template == nil) == (file == nil) { throw ValidationError("Say the template, or -f FILE") }
    }

    func run(_ session: CommandSession) async throws {
        let query = explain ? [(name: "explain", value: "true")] : []
        var request = APIRequest("GET", ["templates", template ?? "", "render", machine], query: query)
        if let file {
            request = APIRequest("POST", ["machines", machine, "render"], query: query)
            (request.body, request.contentType) = (try await InputDocument.bytes(of: file), "text/plain")
        }
        let answer = try await session.client.send(request)
        guard explain else { return try session.console.write(answer.body) }
        let value = try answer.json()
        guard session.format?.isTable ?? true else { return try session.show(value) }
        var table = Table(["Param", "From", "Object"])
        for param in value["params"]?.arrayValue ?? [] {
            let words = ["name", "from", "type", "key"].map { param[$0].map(FieldList.cell) ?? "" }
            table.add([words[0], words[1], words[2].isEmpty ? "" : "\(words[2])/\(words[3])"])
        }
        try session.console.write(value["text"]?.stringValue ?? "")
        Console.note("it read these params:")
        try session.console.flush()
        Console.complain(table.text(table.widths(limit: Terminal.width), hasHeadings: true))
    }
}
