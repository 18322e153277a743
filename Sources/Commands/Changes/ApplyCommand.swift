import ArgumentParser
import Basics
import Client
import JSON

/// The input of commands that bring a server to what files say.
struct ApplyOptions: ParsableArguments {
    @Option(
        name: .short,
        help: ArgumentHelp(
            "A file of documents {type, object}, a folder of TYPE/NAME.yaml, a content pack, or - for standard input.",
            valueName: "path"), completion: .file())
    var file: [String] = []

    @Option(
        help: ArgumentHelp(
            "Also delete what has this in its Meta and is not in the input.", valueName: "key=value"))
    var prune: String?

    func validate() throws {
        if file.isEmpty { throw ValidationError("Say -f FILE, -f FOLDER or -f -") }
        if let prune, !prune.dropFirst().contains("=") { throw ValidationError("--prune takes KEY=VALUE") }
    }

    /// What is given.
    ///
    /// - Throws: `ClientError` of kind `usage`.
    func read() async throws(ClientError) -> AppliedInput {
        let input = try await AppliedInput.read(file)
        if case .pack(let pack) = input, prune != nil {
            throw ClientError(
                .usage, "--prune is for objects; \(pack.path) is a content pack, which is replaced as a whole")
        }
        return input
    }

    /// What has to be changed for the documents to hold.
    func plan(_ documents: [AppliedDocument], _ client: MusterClient) async throws(ClientError) -> ApplyPlan {
        var plan = try await ApplyPlan(documents, client)
        if let prune, let equals = prune.firstByteIndex(of: "=") {
            try await plan.prune(String(prune[..<equals]), String(prune[prune.utf8.index(after: equals)...]))
        }
        return plan
    }
}

/// `muster apply`.
struct ApplyCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Bring the server to what files say, in one change set.",
        discussion: """
            Objects that are missing are created; of others, the members that the files have are set and all others stay. \
            Everything happens in one revision, or nothing does.

            Examples:
              muster apply -f rack4/ --reason 'rack 4'
              muster apply -f machines.yaml --dry-run
              muster apply -f site/ --prune managed-by=site
            """)

    @OptionGroup var input: ApplyOptions
    @OptionGroup var writing: WriteOptions
    @OptionGroup var client: ClientOptions

    func run(_ session: CommandSession) async throws {
        let plan: ApplyPlan
        switch try await input.read() {
        case .documents(let documents): plan = try await input.plan(documents, session.client)
        case .pack(let pack): return try await PackUpload(pack, session.client).perform(in: session, writing)
        }
        guard !plan.changes.isEmpty else {
            if session.isStructured { return try session.show(["results": []]) }
            return try session.console.write("nothing to change (\(plan.unchanged) as they are)\n")
        }
        // Keys are all that is shown of what is written, unless JSON is wanted.
        let query = writing.query + (session.isStructured ? [] : [("brief", "true")])
        let request = plan.request(query: query, headers: writing.headers)
        let answer = try await session.client.send(request).json()
        if writing.isDryRun { return try session.showEffects(answer) }
        if session.isStructured { return try session.show(answer) }
        for result in answer["results"]?.arrayValue ?? [] {
            let words = ["type", "key", "op"].map { result[$0]?.stringValue ?? "" }
            try session.console.write("\(words[0])/\(words[1]) \(Self.past[words[2]] ?? words[2])\n")
        }
        let revision = answer["revision"]?.intValue ?? 0
        try session.console.write(
            "revision \(revision): \(plan.changes.count) changed, \(plan.unchanged) as they were\n")
    }

    private static let past = ["create": "created", "patch": "changed", "replace": "changed", "delete": "deleted"]
}

/// `muster diff`.
struct DiffCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Show what `apply` would change, with the effects on machines.",
        discussion: """
            The exit code is 0 if nothing would change, and 1 if something would.

            Examples:
              muster diff -f rack4/
            """)

    @OptionGroup var input: ApplyOptions
    @OptionGroup var client: ClientOptions

    func run(_ session: CommandSession) async throws {
        let plan: ApplyPlan
        switch try await input.read() {
        case .documents(let documents): plan = try await input.plan(documents, session.client)
        case .pack(let pack): return try await PackPlan(pack, session.client).tell(in: session)
        }
        guard !plan.changes.isEmpty else { return }
        let answer = try await session.client.send(plan.request(query: [("dryRun", "true")])).json()
        try session.showEffects(answer)
        try session.console.flush()
        throw ExitCode(ExitStatus.refused.rawValue)
    }
}
