import ArgumentParser
import Client
import Content
import JSON

/// `muster watch`.
struct WatchCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Show changes of a type's objects as they happen.",
        discussion: """
            A line each, until interrupted. A lost connection is taken up again where it was lost, so nothing is missed.

            Examples:
              muster watch machines
              muster watch machines Runnable=false
              muster watch machines --key 3a1c… -o json
            """)

    @Argument(help: "The type.") var type: String
    @Argument(help: ArgumentHelp("Conditions on the changed object.", valueName: "filter")) var filters: [String] = []
    @Option(help: "The key of the one object to watch.") var key: String?
    @Option(help: "How many events to show before ending.") var count: Int?
    @OptionGroup var client: ClientOptions

    var tellsWaiting: Bool { false }

    func run(_ session: CommandSession) async throws {
        let type = try await session.client.types().type(type)
        let pattern = "\(type.name).*.\(key.map(Self.escaped) ?? "*")"
        try await session.tell([pattern], where: filters, since: nil, count: count)
    }

    /// A key as a pattern of events takes it (contract §12).
    static func escaped(_ key: String) -> String {
        key.replacing(".", with: "\\1").replacing(",", with: "\\2").replacing("*", with: "\\3")
    }
}

/// `muster events`.
struct EventsCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Show events: those that are kept, or with -f those to come.",
        discussion: """
            Patterns are TYPE.ACTION.KEY, each part * or a list with commas.

            Examples:
              muster events -f
              muster events -f 'machines.create,delete.*'
              muster events --since 0 -o json
            """)

    @Argument(help: ArgumentHelp("TYPE.ACTION.KEY.", valueName: "pattern")) var patterns: [String] = []
    @Flag(name: .short, help: "Go on with what comes.") var follow = false
    @Option(help: ArgumentHelp("A cursor to begin after; 0 for the oldest.", valueName: "cursor")) var since: String?
    @Option(help: "How many events to show before ending.") var count: Int?
    @OptionGroup var client: ClientOptions

    var tellsWaiting: Bool { false }

    func run(_ session: CommandSession) async throws {
        let patterns = patterns.isEmpty ? ["*.*.*"] : patterns
        if follow { return try await session.tell(patterns, where: [], since: since, count: count) }
        var cursor = since ?? "0"
        var left = count ?? .max
        while left > 0 {
            var query = patterns.map { (name: "filter", value: $0) }
            query += [("since", cursor), ("limit", String(min(left, 1000)))]
            let page = try await session.client.send(APIRequest("GET", ["events"], query: query)).json()
            let events = page["events"]?.arrayValue ?? []
            for event in events { try session.write(event) }
            left -= events.count
            guard !events.isEmpty, let next = page["cursor"]?.stringValue, next != cursor else { return }
            cursor = next
        }
    }
}

/// `muster logs`.
struct LogsCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "Show the server's latest log lines, or with -f those to come.",
        discussion: """
            Examples:
              muster logs
              muster logs -f
            """)

    @Flag(name: .short, help: "Go on with what comes.") var follow = false
    @OptionGroup var client: ClientOptions

    var tellsWaiting: Bool { false }

    func run(_ session: CommandSession) async throws {
        let lines = try await session.client.send(APIRequest("GET", ["logs"])).json().arrayValue ?? []
        for line in lines { try write(line, session) }
        try session.console.flush()
        guard follow else { return }
        try await session.client.watch(["log.*.*"]) { (event) throws(ClientError) in
            try write(event.value["Object"] ?? .null, session)
            try session.console.flush()
            return true
        }
    }

    private func write(_ line: JSONValue, _ session: CommandSession) throws(ClientError) {
        if session.form.isJSON { return try session.console.write(line.canonicalText + "\n") }
        let words = ["Time", "Level", "Service", "Principal", "Message"].map { line[$0].map(FieldList.cell) ?? "" }
        try session.console.write(words.filter { !$0.isEmpty }.joined(separator: " ") + "\n")
    }
}

extension CommandSession {
    /// Shows events as they happen.
    func tell(
        _ patterns: [String], where conditions: [String], since cursor: String?, count: Int?
    ) async throws(ClientError) {
        var left = count ?? .max
        if left <= 0 { return }
        try await client.watch(patterns, where: conditions, since: cursor) { (event) throws(ClientError) in
            try write(event.value)
            try console.flush()
            left -= 1
            return left > 0
        }
    }

    /// Shows one event, as a line: JSON as it is, or time, who and what.
    func write(_ event: JSONValue) throws(ClientError) {
        switch form {
        case .json: return try console.write(event.canonicalText + "\n")
        case .yaml: return try console.write("---\n" + YAMLText.text(of: event))
        case .jsonPath(let template): return try console.write(template.text(of: event) + "\n")
        default: break
        }
        func text(_ name: String) -> String { event[name]?.stringValue ?? "" }
        let name = event["Object"]?["Name"]?.stringValue.map { " (\($0))" } ?? ""
        try console.write(
            "\(text("Time")) \(text("Principal")) \(text("Action")) \(text("Type"))/\(text("Key"))\(name)\n")
    }
}
