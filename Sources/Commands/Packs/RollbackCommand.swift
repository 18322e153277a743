import ArgumentParser
import Basics
import Client
import JSON

/// `muster packs rollback`.
struct RollbackCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Bring back the version of a pack that was there before its last change.",
        discussion: """
            The pack as it was is taken from the server's history and uploaded again; what was changed beside it stays. \
            A second rollback takes back the first. A pack that was not there before is removed.

            Examples:
              muster packs rollback shop --dry-run
              muster packs rollback shop --reason 'wrong time zone'
              muster packs rollback shop --to v1.4.0
              muster packs rollback shop --revision 4711
            """)

    @Argument(help: ArgumentHelp("The pack's name.", valueName: "pack")) var name: String
    @Option(help: ArgumentHelp("The version to bring back, if it is not the one before.", valueName: "version"))
    var to: String?
    @Option(help: ArgumentHelp("The upload to take back, if it is not the last one.", valueName: "revision"))
    var revision: Int?
    @OptionGroup var writing: WriteOptions
    @OptionGroup var client: ClientOptions

    /// How many earlier versions are looked at for the one that is wanted.
    private static let farthest = 100

    func validate() throws {
        if to != nil, revision != nil {
            throw ValidationError("--to and --revision both say what to bring back: give one")
        }
    }

    func run(_ session: CommandSession) async throws {
        let changes = try await changes(session.client)
        let (revision, before) = try await target(changes, session.client)
        let present = try await pack(at: nil, session.client)
        guard before != nil || present != nil else {
            throw ClientError(.notFound, "contents/\(name) was not there at revision \(revision), and is not there now")
        }
        let answer = try await session.client.send(request(before, replacing: present != nil))
        if writing.isDryRun { return try session.showEffects(answer.json()) }
        if session.isStructured, before != nil { return try session.show(answer.json()) }
        let version = before?["meta"]?["Version"]?.stringValue
        let state = version.map { "is at version \($0)" } ?? "is gone"
        try session.console.write("contents/\(name) \(state), as it was at revision \(revision)\n")
    }

    /// The revisions that changed the pack, newest first.
    private func changes(_ client: MusterClient) async throws(ClientError) -> [Int] {
        let request = APIRequest("GET", ["history"], query: [("type", "contents"), ("key", name), ("limit", "1000")])
        let records = try await client.send(request).json()["records"]?.arrayValue ?? []
        let changes = records.compactMap { record -> Int? in
            let packs = record["packs"]?.arrayValue ?? []
            guard packs.contains(where: { $0["name"]?.stringValue?.hasSameUTF8(as: name) ?? false }) else { return nil }
            return record["revision"]?.intValue.map { Int($0) }
        }
        guard !changes.isEmpty else {
            throw ClientError(.notFound, "the history has no change of the pack \(name)")
        }
        return changes
    }

    /// The revision whose state is wanted, and the pack of then; nil if there was none.
    private func target(
        _ changes: [Int], _ client: MusterClient
    ) async throws(ClientError) -> (revision: Int, pack: JSONValue?) {
        guard let to else {
            guard let change = revision ?? changes.first, changes.contains(change) else {
                throw ClientError(.notFound, "the history has no change of the pack \(name) at \(revision ?? 0)")
            }
            return (change - 1, try await pack(at: change - 1, client))
        }
        var seen: [String] = []
        for change in changes.prefix(Self.farthest) {
            guard let found = try await pack(at: change - 1, client) else { continue }
            let version = found["meta"]?["Version"]?.stringValue ?? ""
            if version.hasSameUTF8(as: to) { return (change - 1, found) }
            if !seen.contains(bytesOf: version) { seen.append(version) }
        }
        let known = seen.isEmpty ? "none before this one" : seen.joined(separator: ", ")
        throw ClientError(.notFound, "the history has no version \(to) of the pack \(name). It has \(known)")
    }

    /// The pack at a revision, or now; nil if there is none.
    private func pack(at revision: Int?, _ client: MusterClient) async throws(ClientError) -> JSONValue? {
        let query = revision.map { [(name: "revision", value: String($0))] } ?? []
        do throws(ClientError) {
            return try await client.send(APIRequest("GET", ["contents", name], query: query)).json()
        } catch  where error.kind == .notFound {
            return nil
        }
    }

    private func request(_ pack: JSONValue?, replacing: Bool) -> APIRequest {
        guard let pack else {
            return APIRequest("DELETE", ["contents", name], query: writing.query, headers: writing.headers)
        }
        return APIRequest(
            replacing ? "PUT" : "POST", replacing ? ["contents", name] : ["contents"], query: writing.query,
            headers: writing.headers, body: pack)
    }
}
