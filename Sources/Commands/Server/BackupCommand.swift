import ArgumentParser
import Basics
import Client
import JSON
import Store
import Tracker

/// `muster backup`.
struct BackupCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Make a backup of a running server in a file here.",
        discussion: """
            It has all objects, content packs and history of one revision, and proves itself: `muster verify` finds whether it \
            is whole, `muster restore` makes a store of it, `muster drill` tries that. Nobody waits for it meanwhile. With \
            --since it has only what came after another backup; keep those together in one folder. It takes the right to \
            `backup` of `system`.

            Examples:
              muster backup monday.backup
              muster backup tuesday.backup --since monday.backup
            """)

    @OptionGroup var client: ClientOptions
    @Option(help: ArgumentHelp("A backup to go on from.", valueName: "backup"), completion: .file()) var since: String?
    @Argument(
        help: ArgumentHelp("The file to make; there must be none of that name.", valueName: "target"),
        completion: .file())
    var target: String

    /// It tells how far it is itself.
    var tellsWaiting: Bool { false }

    func run(_ session: CommandSession) async throws {
        let target = target
        let file = try await Self.local { () throws(StoreError) in try BackupFile(target) }
        var query: [(name: String, value: String)] = []
        if let since {
            let before = try await Self.local { () throws(StoreError) in try BackupVerifier.report(on: since) }
            guard before.isWhole else {
                throw ClientError(.refused, "\(since) is not whole: `muster verify \(since)` names what is damaged")
            }
            query = [("since", before.point.text)]
        }
        let progress = ProgressLine()
        var size = 0
        let answer = try await session.client.stream(APIRequest("GET", ["system", "backup"], query: query))
        try await answer.forEachPart { (part) throws(ClientError) in
            try await Self.local { () throws(StoreError) in try file.write(part) }
            size += part.count
            progress.tell("\(target): \(size >> 20) MiB")
        }
        try await Self.local { () throws(StoreError) in try file.finish() }
        let report = try await Self.local { () throws(StoreError) in
            try BackupVerifier.report(on: target) { progress.tell($0) }
        }
        progress.clear()
        guard report.isWhole else {
            await BlockingPool.shared.run { LocalFile.remove(target) }
            throw ClientError(
                .unavailable, "the backup broke off (\(report.damage.joined(separator: "; "))): try again")
        }
        try session.show(report.summary(target))
    }

    /// What `body` gives, with failures of files as errors of the command line.
    private static func local<Value: Sendable>(
        _ body: @escaping @Sendable () throws(StoreError) -> Value
    ) async throws(ClientError) -> Value {
        do throws(StoreError) { return try await BlockingPool.shared.run(body) } catch { throw ClientError(error) }
    }
}

extension ClientError {
    /// A failure of a file or a store here.
    init(_ error: StoreError) {
        let kind: Kind =
            switch error.code {
            case .notFound: .notFound
            case .locked: .conflict
            case .badLocator, .unsupported, .misuse: .usage
            case .corrupt, .readOnly, .tooLarge, .diskFull: .refused
            case .unavailable, .closed: .unavailable
            }
        self.init(kind, error.description)
    }
}

extension BackupReport {
    /// What people want to know of a backup.
    func summary(_ path: String) -> JSONValue {
        var summary: JSONObject = [
            "backup": .string(path), "revision": JSONValue(Int(clamping: header.revision.number)),
            "oldest": JSONValue(Int(clamping: end.start.number)), "time": .string(header.time.description),
            "objects": JSONValue(end.objects), "commits": JSONValue(end.commits),
            "versions": JSONValue(end.versions), "bytes": JSONValue(size),
            "chain": .string(Hexadecimal.encode(end.chain)),
        ]
        if let since = header.since { summary["since"] = JSONValue(Int(clamping: since.revision.number)) }
        return .object(summary)
    }
}
