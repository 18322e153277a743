import Basics
import Client
import JSON

/// The inventory's API as commands ask it.
struct FleetInventory: Sendable {
    let client: MusterClient
    /// Who asks, and why.
    let headers: [(name: String, value: String)]

    /// The collections, by the names of one of their members and of all; `devices` is none, since it is a list of two of them.
    static let collections = [
        "projects", "users", "clouds", "regions", "cells", "hosts", "network-devices", "networks", "network-interfaces",
        "variable-rights", "access-secrets",
    ]

    /// The collection that a word means: `hosts`, or `host`.
    ///
    /// - Throws: `ClientError` of kind `usage` that names those there are.
    static func collection(_ word: String) throws(ClientError) -> String {
        if let known = collections.first(where: { $0.hasSameUTF8(as: word) || $0.hasSameUTF8(as: word + "s") }) {
            return known
        }
        throw ClientError(.usage, "`\(word)` is none of \(collections.joined(separator: ", "))")
    }

    /// Sends a request, and gives the answer's JSON.
    func send(
        _ method: String, _ path: [String], query: [(name: String, value: String)] = [], body: JSONValue? = nil
    ) async throws(ClientError) -> JSONValue {
        var request = APIRequest(method, path, query: query, headers: headers, body: body)
        request.base = "/v1"
        return try await client.send(request).json()
    }

    /// All rows of a list, page by page.
    ///
    /// - Parameter limit: how many rows are wanted; zero for all.
    func rows(
        _ collection: String, _ query: [(name: String, value: String)], limit: Int
    ) async throws(ClientError) -> [JSONValue] {
        var (rows, marker): ([JSONValue], String?) = ([], nil)
        while limit == 0 || rows.count < limit {
            let size = limit == 0 ? Self.pageSize : min(Self.pageSize, limit - rows.count)
            var page = query + [(name: "limit", value: String(size))]
            if let marker { page.append((name: "marker", value: marker)) }
            let body = try await send("GET", [collection], query: page)
            rows += Self.rows(of: body)
            // A look-up has no links, and an empty page none to a next one.
            guard let next = Self.nextMarker(of: body) else { break }
            marker = next
        }
        return rows
    }

    /// The id of the one member that a word means: an id, or a name that only one has.
    ///
    /// - Throws: `ClientError` of kind `notFound`, or `usage` for a name of several.
    func id(_ collection: String, _ word: String) async throws(ClientError) -> String {
        let isID = word.utf8.allSatisfy { $0.isASCIIDigit } || collection == "projects" && word.utf8.count >= 32
        if isID { return word }
        guard collection != "network-interfaces" else {
            throw ClientError(.usage, "network interfaces have names of their own in each device: give an id")
        }
        let found = try await rows(collection, [(name: "name", value: word)], limit: 0)
        let ids = found.compactMap { $0["id"] }.map { $0.stringValue ?? $0.canonicalText }
        guard let id = ids.first else { throw ClientError(.notFound, "\(collection)/\(word): Not Found") }
        guard ids.count == 1 else {
            throw ClientError(.usage, "`\(word)` is the name of several \(collection): \(ids.joined(separator: ", "))")
        }
        return id
    }

    /// The path of the one member that a word means, as `id` says; of a device, in the collection of its kind.
    ///
    /// - Throws: as `id`.
    func path(_ collection: String, _ word: String) async throws(ClientError) -> [String] {
        guard collection.hasSameUTF8(as: "devices") else { return [collection, try await id(collection, word)] }
        var found: [[String]] = []
        for kind in ["hosts", "network-devices"] {
            do throws(ClientError) {
                let path = [kind, try await id(kind, word)]
                // An id says nothing of the kind.
                _ = try await send("GET", path)
                found.append(path)
            } catch  where error.kind == .notFound {
                continue
            }
        }
        guard let path = found.first else { throw ClientError(.notFound, "devices/\(word): Not Found") }
        guard found.count == 1 else {
            let names = found.map { $0.joined(separator: "/") }.joined(separator: ", ")
            throw ClientError(.usage, "`\(word)` is the name of several devices, \(names): give an id")
        }
        return path
    }

    private static let pageSize = 100

    /// Behind which row the next page begins.
    private static func nextMarker(of body: JSONValue) -> String? {
        let next = body["links"]?.arrayValue?.first { $0["rel"] == "next" }
        let query = next?["href"]?.stringValue?.parts(between: "?").last
        return query?.parts(between: "&").lazy.compactMap { $0.after("marker=") }.first.map { String($0) }
    }

    private static func rows(of body: JSONValue) -> [JSONValue] {
        let lists = (body.objectValue ?? [:]).filter { name, _ in !name.hasSameUTF8(as: "links") }
        return lists.values.flatMap { list in
            list.arrayValue ?? (list.objectValue ?? [:]).values.flatMap { $0.arrayValue ?? [] }
        }
    }
}

extension JSONObject {
    /// The members that texts like `name=web-1` say: a value is JSON, or else text.
    ///
    /// - Throws: `ClientError` of kind `usage` for a text without `=`.
    init(assignments texts: [String]) throws(ClientError) {
        self.init()
        for text in texts {
            guard let equals = text.firstByteIndex(of: "="), equals != text.startIndex else {
                throw ClientError(.usage, "`\(text)` is no NAME=VALUE. For example: name=web-1, cloud_id=3")
            }
            let value = String(text[text.utf8.index(after: equals)...])
            self[String(text[..<equals])] = (try? JSONValue(parsing: value)) ?? .string(value)
        }
    }
}
