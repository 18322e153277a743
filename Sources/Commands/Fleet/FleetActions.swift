import ArgumentParser
import Basics
import Client
import JSON

/// What the commands do, whichever way it is said: `muster fleet show host web-1`, or `muster fleet host-show web-1`.
extension FleetInventory {
    /// Shows a member of a collection.
    func show(_ collection: String, _ word: String, _ session: CommandSession) async throws {
        let path = try await path(collection, word)
        try session.show(try await send("GET", path)) { _ in path.joined(separator: "/") }
    }

    /// Makes a member.
    func create(_ collection: String, _ body: JSONObject, _ session: CommandSession) async throws {
        try session.show(try await send("POST", [collection], body: .object(body))) { made in
            "\(collection)/\(made["id"].map { $0.stringValue ?? $0.canonicalText } ?? "")"
        }
    }

    /// Changes a member.
    func update(_ collection: String, _ word: String, _ body: JSONObject, _ session: CommandSession) async throws {
        let path = try await path(collection, word)
        try session.show(try await send("PUT", path, body: .object(body))) { _ in path.joined(separator: "/") }
    }

    /// Removes a member, which must be there.
    func remove(_ collection: String, _ word: String) async throws {
        let path = try await path(collection, word)
        _ = try await send("GET", path)
        _ = try await send("DELETE", path)
        Console.note("\(path.joined(separator: "/")) is gone")
    }

    /// Sets and removes variables of a member, and shows those that it has then.
    ///
    /// - Parameters:
    ///   - values: variables to set.
    ///   - assignments: `NAME=VALUE` to set one, `NAME=` to remove it.
    ///   - explains: whether to show where each comes from instead.
    func variables(
        _ collection: String, _ word: String, values: JSONObject = [:], setting assignments: [String] = [],
        explains: Bool = false, _ session: CommandSession
    ) async throws {
        let path = try await path(collection, word) + ["variables"]
        let removed = assignments.filter { $0.hasByteSuffix("=") }.map {
            String(decoding: $0.utf8.dropLast(), as: UTF8.self)
        }
        let assigned = try JSONObject(assignments: assignments.filter { !$0.hasByteSuffix("=") })
        let set = values.filter { name, _ in !removed.contains(bytesOf: name) }.merging(assigned) { _, new in new }
        if !removed.isEmpty { _ = try await send("DELETE", path, body: JSONValue(removed)) }
        if !set.isEmpty { _ = try await send("PUT", path, body: .object(set)) }
        let answer = try await send("GET", path, query: explains ? [(name: "explain", value: "true")] : [])
        try session.show((explains ? answer["explain"] : answer["variables"]) ?? .null)
    }
}

/// The argument that names one member of a collection that is known.
struct FleetMemberName: ParsableArguments {
    @Argument(help: ArgumentHelp("The id, or the name if only one has it.", valueName: "member")) var member: String
}

/// The flags of lists.
struct FleetPageOptions: ParsableArguments {
    @Option(help: "How many rows at the most; 0 for all.") var limit: Int = 30
    @Flag(help: "Show all rows.") var all = false
    @Flag(help: "Show variables too.") var detail = false
    @Option(help: ArgumentHelp("The columns to sort by, with commas.", valueName: "columns")) var sortKey: String?
    @Option(help: ArgumentHelp("asc, or desc for the last first.", valueName: "direction")) var sortDir: String?
    @Option(parsing: .upToNextOption, help: ArgumentHelp("The columns to show.", valueName: "column"))
    var fields: [String] = []

    func validate() throws {
        if limit < 0 { throw ValidationError("--limit is \(limit): give a number from 0, which means all") }
    }

    /// Lists a collection.
    func list(
        _ collection: String, _ filters: [(name: String, value: String)], _ inventory: FleetInventory,
        _ session: CommandSession
    ) async throws {
        var query = filters
        if detail { query.append((name: "details", value: "true")) }
        if let sortKey { query.append((name: "sort_keys", value: sortKey)) }
        if let sortDir { query.append((name: "sort_dir", value: sortDir)) }
        var rows = try await inventory.rows(collection, query, limit: all ? 0 : limit)
        let columns = fields.flatMap { $0.parts(between: ",") }.map { String($0) }
        if !columns.isEmpty, !session.form.isTable {
            rows = rows.map { row in
                .object(JSONObject(columns.compactMap { name in row[name].map { (name, $0) } }))
            }
        }
        guard session.form.isTable else {
            guard session.form.isJSON || session.form.isYAML else {
                for row in rows { try session.show(row) { "\(collection)/\($0["id"]?.canonicalText ?? "")" } }
                return
            }
            return try session.show(.array(rows))
        }
        var table = Table(columns.isEmpty ? ["id", "name", "place", "address", "type"] : columns)
        for row in rows {
            table.add(columns.isEmpty ? Self.cells(row) : columns.map { Self.text(row[$0]) })
        }
        try session.console.write(table.text(table.widths(limit: Terminal.width), hasHeadings: true))
    }

    private static func text(_ value: JSONValue?) -> String {
        guard let value, !value.isNull else { return "" }
        return value.stringValue ?? value.canonicalText
    }

    private static func cells(_ row: JSONValue) -> [String] {
        func first(_ names: String...) -> String { text(names.lazy.compactMap { row[$0] }.first { !$0.isNull }) }
        let place = ["cloud", "region", "cell"].compactMap { row[$0 + "_id"] }.filter { !$0.isNull }
        return [
            first("id"), first("name", "username", "prefix"), place.map(\.canonicalText).joined(separator: "/"),
            first("ip_address", "cidr"), first("device_type", "interface_type", "ip_block_type", "role"),
        ]
    }
}
