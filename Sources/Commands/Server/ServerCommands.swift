import ArgumentParser
import Client
import JSON

/// `muster info`.
struct InfoCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Show what the server says of itself.",
        discussion: """
            Examples:
              muster info
              muster info -o 'jsonpath={.version}'
            """)

    @OptionGroup var client: ClientOptions

    func run(_ session: CommandSession) async throws {
        let info = try await session.client.send(APIRequest("GET", ["info"])).json()
        guard session.form.isTable, let object = info.objectValue else { return try session.show(info) }
        let shown = ["id", "version", "address", "api_port", "file_port", "os", "arch", "stats", "errors", "warnings"]
        var table = Table(["Field", "Value"])
        table.add(["endpoint", session.client.settings.address.description])
        for name in shown {
            guard let value = object[name] else { continue }
            let text = value.arrayValue?.map { row in
                guard let name = row["name"]?.stringValue else { return FieldList.cell(row) }
                return "\(name) \(row["count"].map(FieldList.cell) ?? "")"
            }.joined(separator: ", ")
            table.add([name, text ?? FieldList.cell(value)])
        }
        try session.console.write(table.text(table.widths(limit: Terminal.width), hasHeadings: false))
    }
}

/// `muster system`.
struct SystemCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "system", abstract: "Look after a running server.",
        discussion: """
            Examples:
              muster system check
              muster system cert set server.pem server.key
            """,
        subcommands: [Check.self, CertificateCommand.self])

    /// `muster system check`.
    struct Check: ClientCommand {
        static let configuration = CommandConfiguration(
            commandName: "check", abstract: "Have the server compare all that it keeps in more than one form.",
            discussion: """
                The exit code is 1 if something differs, and 6 if the check did not come to its end.

                Examples:
                  muster system check
                """)

        @OptionGroup var client: ClientOptions

        func run(_ session: CommandSession) async throws {
            let request = APIRequest(
                "GET", ["system", "check"], headers: [("Accept", "application/x-ndjson")])
            var lines = Lines()
            var report = JSONValue.null
            try await session.client.stream(request).forEachPart { (part) throws(ClientError) in
                for line in lines.lines(in: part) {
                    guard let value = try? JSONValue(parsing: line) else { continue }
                    if let progress = value["progress"] { Self.tell(progress) } else { report = value }
                }
            }
            if let rest = lines.rest, let value = try? JSONValue(parsing: rest) { report = value }
            guard report["status"]?.stringValue != "failed", !report.isNull else {
                throw ClientError(.malformed, "the check did not come to its end: \(report.canonicalText)")
            }
            try session.show(report)
            try session.console.flush()
            if report["differences"]?.arrayValue?.isEmpty == false { throw ExitCode(ExitStatus.refused.rawValue) }
        }

        private static func tell(_ progress: JSONValue) {
            guard Terminal.isError else { return }
            let (done, of) = (progress["done"]?.intValue ?? 0, progress["of"]?.intValue ?? 0)
            Console.note("\(progress["subject"]?.stringValue ?? ""): \(done) of \(of)")
        }
    }
}

/// Bytes that come in parts, as lines.
struct Lines {
    private var open: [UInt8] = []

    /// What follows the last line end; nil if nothing does.
    var rest: [UInt8]? { open.isEmpty ? nil : open }

    /// The lines that end in a part, without their ends.
    mutating func lines(in part: [UInt8]) -> [[UInt8]] {
        open += part
        var lines: [[UInt8]] = []
        while let end = open.firstIndex(of: UInt8(ascii: "\n")) {
            if end > 0 { lines.append(Array(open[..<end])) }
            open.removeSubrange(...end)
        }
        return lines
    }
}
