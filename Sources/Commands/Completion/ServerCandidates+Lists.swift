import Basics
import Client
import JSON

/// What a server tells in lists of their own, and values with commas between.
extension ServerCandidates {
    /// The packs, with what they are for.
    func packs() async throws(ClientError) -> [Candidates.Candidate] {
        let packs = try await client.send(APIRequest("GET", ["contents"])).json().arrayValue ?? []
        return packs.compactMap { pack in
            guard let meta = pack["meta"], let name = meta["Name"]?.stringValue else { return nil }
            return .init(word: name, about: meta["Description"]?.stringValue ?? "")
        }
    }

    /// The pools that have machines, and those that have an object.
    func pools() async throws(ClientError) -> [Candidates.Candidate] {
        let active = try await client.send(APIRequest("GET", ["pools-active"])).json().arrayValue ?? []
        let described = try await keys(of: try await client.types().type("pools"), typed: line.typed)
        return (active.compactMap(\.stringValue) + described.map(\.word)).map { .init(word: $0) }
    }

    /// The preferences to set.
    func preferences() async throws(ClientError) -> [Candidates.Candidate] {
        let names = try await client.send(APIRequest("GET", ["prefs"])).json().objectValue ?? [:]
        return names.members.map { .init(word: $0.key + "=", about: FieldList.cell($0.value), isWhole: false) }
    }

    /// Keys of a type, with commas between.
    func keys(listedOf type: String) async throws(ClientError) -> [Candidates.Candidate] {
        let start = line.typed.utf8.lastIndex(of: UInt8(ascii: ",")).map { line.typed.utf8.index(after: $0) }
        let (done, open) = (
            line.typed[..<(start ?? line.typed.startIndex)], line.typed[(start ?? line.typed.startIndex)...]
        )
        let keys = try await keys(of: try await client.types().type(type), typed: String(open))
        return keys.map { .init(word: done + $0.word, isWhole: false) }
    }

    /// The uploaded files, or images, of the folder that was begun to be typed.
    func files(of area: String) async throws(ClientError) -> [Candidates.Candidate] {
        let folder = line.typed.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(line.typed[...$0]) } ?? ""
        let names = try await client.send(APIRequest("GET", [area], query: [("path", folder)])).json().arrayValue ?? []
        return names.compactMap(\.stringValue).map { .init(word: folder + $0, isWhole: !$0.hasByteSuffix("/")) }
    }
}
