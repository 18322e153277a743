import ArgumentParser
import Basics
import Client
import JSON

/// The upload of a pack: made if the server has none of its name, in the place of the one that is there otherwise.
struct PackUpload {
    let pack: PackSource
    /// What the server has of that name; nil for nothing.
    let present: JSONValue?
    /// The pack as it is sent.
    private let sent: JSONValue

    /// Looks at what the server has.
    ///
    /// - Throws: `ClientError` of kind `usage` when the pack has no name.
    init(_ pack: PackSource, _ client: MusterClient) async throws(ClientError) {
        guard !pack.name.isEmpty, pack.name != "Unspecified" else {
            throw ClientError(.usage, "\(pack.path) has no name: write it into ._Name.meta, or Name of its meta")
        }
        self.pack = pack
        sent = await BlockingPool.shared.run { pack.sent() }
        do throws(ClientError) {
            present = try await client.send(APIRequest("GET", ["contents", pack.name])).json()
        } catch  where error.kind == .notFound {
            present = nil
        }
    }

    /// The request that does it, or with `dryRun` in its query tells what it would do.
    func request(
        query: [(name: String, value: String)], headers: [(name: String, value: String)] = []
    ) -> APIRequest {
        APIRequest(
            present == nil ? "POST" : "PUT", present == nil ? ["contents"] : ["contents", pack.name],
            query: query, headers: headers, body: sent)
    }

    /// What is told before: the versions.
    var heading: String {
        let version = pack.version
        guard let old = present?["meta"]?["Version"]?.stringValue else {
            return "contents/\(pack.name) \(version) is new"
        }
        return "contents/\(pack.name) \(old) becomes \(version)"
    }

    /// Uploads the pack, or shows what that would change, and tells the outcome.
    func perform(in session: CommandSession, _ writing: WriteOptions) async throws(ClientError) {
        let answer = try await session.client.send(request(query: writing.query, headers: writing.headers)).json()
        for warning in pack.warnings { Console.note(warning) }
        if writing.isDryRun {
            try session.showEffects(answer)
        } else if session.isStructured {
            try session.show(answer)
        } else {
            try session.console.write(outcome(answer))
        }
    }

    /// What the server made of it, as people read it, with its warnings.
    private func outcome(_ answer: JSONValue) -> String {
        let count = answer["Counts"]?.objectValue?.values.reduce(0) { $0 + ($1.intValue ?? 0) } ?? 0
        let warnings = (answer["Warnings"]?.arrayValue ?? []).compactMap(\.stringValue)
        let done = "contents/\(pack.name) \(pack.version) uploaded, \(count) objects\n"
        return warnings.map { "warning: \($0)\n" }.joined() + done
    }
}

/// `muster packs upload`.
struct UploadPackCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "upload", abstract: "Upload packs, each in the place of the one of its name.",
        discussion: """
            Of a git working tree, the pack says in CodeSource which commit it came from.

            Examples:
              muster packs upload shop/ --reason 'release 1.4'
              muster packs upload *.yaml
            """)

    @Argument(help: "Folders or files.", completion: .file()) var paths: [String]
    @OptionGroup var writing: WriteOptions
    @OptionGroup var client: ClientOptions

    func run(_ session: CommandSession) async throws {
        // All are read before the first is sent: a broken one keeps the others from going half of the way.
        var packs: [PackSource] = []
        for path in paths { packs.append(try await PackSource.read(path)) }
        for pack in packs {
            try await PackUpload(pack, session.client).perform(in: session, writing)
        }
    }
}
