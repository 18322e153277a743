import ArgumentParser
import Basics
import Client
import JSON

/// `muster list`.
struct ListCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the objects of a type.",
        discussion: """
            Filters are INDEX=VALUE or INDEX=OPERATION(…) with Eq, Ne, Lt, Lte, Gt, Gte, Between, Except, In, Nin and Re; all \
            of them must hold. Types with params are filtered by any param's name too.

            Examples:
              muster list machines
              muster list machines 'Name=Re(^web)' Runnable=true --sort Address
              muster list machines --columns Name,Stage,Meta.rack
              muster list profiles -o name
            """)

    @Argument(help: "The type, as machines or machine.") var type: String
    @Argument(help: ArgumentHelp("Conditions that all must hold.", valueName: "filter")) var filters: [String] = []
    @Option(help: ArgumentHelp("The columns, with commas.", valueName: "columns")) var columns: String?
    @Option(help: ArgumentHelp("The index to sort by.", valueName: "index")) var sort: String?
    @Flag(help: "Sort the other way round.") var reverse = false
    @Option(help: "How many rows at the most.") var limit: Int?
    @Option(help: "How many rows to leave out first.") var offset: Int?
    @Flag(name: .customShort("w"), help: "Show all columns, as -o wide does.") var wide = false
    @OptionGroup var client: ClientOptions

    func run(_ session: CommandSession) async throws {
        let type = try await session.client.types().type(type)
        var query = try Self.arguments(filters, of: type)
        if let sort { query.append(("sort", sort)) }
        if reverse { query.append(("reverse", "true")) }
        if let limit { query.append(("limit", String(limit))) }
        if let offset { query.append(("offset", String(offset))) }
        switch wide ? .wide : session.form {
        case .json: try await session.copy(APIRequest("GET", [type.name], query: query))
        case .table: try await table(type, query, session, isWide: false)
        case .wide: try await table(type, query, session, isWide: true)
        case let form: try await each(type, query, form, session)
        }
    }

    /// A filter as an argument of the list.
    static func argument(_ filter: String) throws(ClientError) -> (name: String, value: String) {
        guard let equals = filter.firstByteIndex(of: "="), equals != filter.startIndex else {
            throw ClientError(.usage, "`\(filter)` is no filter. Write INDEX=VALUE or INDEX=Re(PATTERN)")
        }
        let value = filter[filter.utf8.index(after: equals)...]
        // The server takes that for the text that it is, which nobody means.
        if !value.hasByteSuffix(")"), let start = operators.first(where: { value.hasBytePrefix($0 + "(") }) {
            throw ClientError(.usage, "`\(filter)` lacks the parenthesis at its end: write \(start)(…)")
        }
        return (String(filter[..<equals]), String(value))
    }

    private static let operators = [
        "Eq", "Ne", "Lt", "Lte", "Gt", "Gte", "Between", "Except", "In", "Nin", "Re",
    ]

    /// The arguments that filters mean. A name that is no index counts as a param's; one that hardly is, is told.
    static func arguments(
        _ filters: [String], of type: TypeDescription
    ) throws(ClientError) -> [(name: String, value: String)] {
        let known = type.indexes.map(\.name)
        func isKnown(_ name: String) -> Bool {
            let isArgument = ["aggregate", "at", "decode", "params", "revision", "slim"].contains(bytesOf: name)
            return isArgument || known.contains { $0.asciiLowercased.hasSameUTF8(as: name.asciiLowercased) }
        }
        return try filters.map { (filter) throws(ClientError) in
            let argument = try argument(filter)
            if !isKnown(argument.name), let near = NearestWord.to(argument.name, among: known) {
                Console.note(
                    "\(type.name) have no index \(argument.name), so it is taken for a param. Did you mean \(near)?")
            }
            return argument
        }
    }

    private func table(
        _ type: TypeDescription, _ query: [(name: String, value: String)], _ session: CommandSession, isWide: Bool
    ) async throws {
        let columns = Columns(columns.map { Column.list($0) } ?? Column.usual(of: type, isWide: isWide))
        var query = query
        // What no column shows need not be sent.
        let unused =
            ["Params", "Meta"].filter { name in !columns.all.contains { $0.path.first?.hasSameUTF8(as: name) == true } }
            as [String]
        if !unused.isEmpty { query.append(("slim", unused.joined(separator: ","))) }
        var widths: [Int]?
        try await session.client.forEachPage(of: type.name, query) { (rows) throws(ClientError) in
            var table = Table(columns.all.map(\.heading))
            for row in rows { table.add(columns.cells(of: row)) }
            let isFirst = widths == nil
            let chosen = widths ?? table.widths(limit: isWide ? nil : Terminal.width)
            widths = chosen
            if isFirst, table.isEmpty {
                if Terminal.isOutput { Console.note("no \(type.name) match") }
                return
            }
            try session.console.write(table.text(chosen, hasHeadings: isFirst))
        }
    }

    private func each(
        _ type: TypeDescription, _ query: [(name: String, value: String)], _ form: OutputFormat,
        _ session: CommandSession
    ) async throws {
        try await session.client.forEachPage(of: type.name, query) { (rows) throws(ClientError) in
            for row in rows {
                let separator = form.isYAML ? "---\n" : ""
                try session.console.write(separator + (try form.text(of: row.value(), named: type.path)))
            }
        }
    }
}

extension TypeDescription {
    /// The key of an object, as text.
    func key(of object: JSONValue) -> String { object[keyField].map(FieldList.cell) ?? "" }

    /// `TYPE/KEY` of an object.
    func path(of object: JSONValue) -> String { "\(name)/\(key(of: object))" }
}

extension CommandSession {
    /// Copies the bytes of an answer to the output.
    func copy(_ request: APIRequest) async throws(ClientError) {
        let answer = try await client.stream(request)
        let console = console
        try await answer.forEachPart { (part) throws(ClientError) in try console.write(part) }
        try console.write("\n")
    }
}
