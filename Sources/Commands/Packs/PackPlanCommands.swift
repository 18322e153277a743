import ArgumentParser
import Client
import JSON

/// `muster packs plan`.
struct PlanPackCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Show what an upload would change, with the effects on machines.",
        discussion: """
            The exit code is 0 if nothing would change, and 1 if something would.

            Examples:
              muster packs plan shop/
            """)

    @Argument(help: "The pack's folder or file.", completion: .file()) var path: String
    @OptionGroup var client: ClientOptions

    func run(_ session: CommandSession) async throws {
        try await PackPlan(PackSource.read(path), session.client).tell(in: session)
    }
}

/// `muster packs apply`.
struct ApplyPackCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Upload a pack after showing what that changes.",
        discussion: """
            On a terminal it asks first, unless --yes is given.

            Examples:
              muster packs apply shop/ --reason 'release 1.4'
              muster packs apply shop/ --yes
            """)

    @Argument(help: "The pack's folder or file.", completion: .file()) var path: String
    @Flag(name: .shortAndLong, help: "Do not ask.") var yes = false
    @OptionGroup var writing: WriteOptions
    @OptionGroup var client: ClientOptions

    func run(_ session: CommandSession) async throws {
        let plan = try await PackPlan(PackSource.read(path), session.client)
        guard !plan.isEmpty else { return try session.console.write("nothing to change\n") }
        if !session.isStructured || writing.isDryRun { try plan.show(in: session) }
        if writing.isDryRun { return }
        try session.console.flush()
        if !yes, Terminal.isInput, await !Terminal.confirms("Upload it?") {
            throw ClientError(.refused, "nothing is uploaded")
        }
        try await plan.upload.perform(in: session, writing)
    }
}

/// What an upload would change.
struct PackPlan {
    let upload: PackUpload
    private let effects: JSONValue
    private let isSame: Bool

    init(_ pack: PackSource, _ client: MusterClient) async throws(ClientError) {
        upload = try await PackUpload(pack, client)
        effects = try await client.send(upload.request(query: [("dryRun", "true")])).json()
        isSame =
            try upload.present.map { present throws(ClientError) in
                try PackComparison(pack.content, present, as: pack.path).isEmpty
            } ?? false
    }

    /// Whether the server has the pack as it is, version and all.
    var isEmpty: Bool { isSame && (effects["changes"]?.arrayValue ?? []).isEmpty }

    /// Shows the plan.
    ///
    /// - Throws: `ExitCode` 1 if something would change.
    func tell(in session: CommandSession) throws {
        try show(in: session)
        try session.console.flush()
        if !isEmpty { throw ExitCode(ExitStatus.refused.rawValue) }
    }

    func show(in session: CommandSession) throws(ClientError) {
        if !session.isStructured {
            try session.console.write(isEmpty ? "nothing would change\n" : upload.heading + "\n")
        }
        if !isEmpty || session.isStructured { try session.showEffects(effects) }
    }
}

/// `muster packs drift`.
struct DriftCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "drift", abstract: "Show how the server's pack differs from the one on disk.",
        discussion: """
            `-` is what only the server has, `+` what only the disk has, `~` what differs. \
            The exit code is 0 if both are the same, and 1 if not.

            Examples:
              muster packs drift shop/
              muster packs drift shop/ -o json
            """)

    @Argument(help: "The pack's folder or file.", completion: .file()) var path: String
    @OptionGroup var client: ClientOptions

    func run(_ session: CommandSession) async throws {
        let pack = try await PackSource.read(path)
        let upload = try await PackUpload(pack, session.client)
        guard let present = upload.present else {
            throw ClientError(.notFound, "the server has no pack \(pack.name). `muster packs apply \(path)` uploads it")
        }
        let comparison = try PackComparison(pack.content, present, as: path)
        try session.isStructured
            ? session.show(comparison.value) : session.console.write(comparison.text(isColoured: Terminal.hasColour))
        try session.console.flush()
        if !comparison.isEmpty { throw ExitCode(ExitStatus.refused.rawValue) }
    }
}
