import Access
import Basics
import HTTPServing
import HTTPTypes
import JSON
import Tracker

/// The pages that show what the server holds.
extension WebConsole {
    var objectRoutes: [Route<ConsoleVisit>] {
        [
            Route(.get, "/", .user) { context in try await CooperativePool.run { try overview(context) } },
            Route(.get, "/types/{type}", .user) { context in try await CooperativePool.run { try list(context) } },
            Route(.get, "/types/{type}/{key...}", .user) { context in
                try await CooperativePool.run { try object(context) }
            },
        ]
    }

    /// How many rows a page of a list has.
    private static let pageSize = 100
    /// How many fields a list shows beside the key.
    private static let mostColumns = 5

    private func overview(_ context: ConsoleContext) throws -> Answer {
        let sight = try Sight(context)
        let rows: [HTML] = try sight.types.map { type in
            let name = type.typeName.rawValue
            let count = try sight.snapshot.counts(type.typeName, ListQuery(), visibility: sight.rows(type)).totalCount
            return "<tr><td><a href=\"/ui/types/\(name)\">\(name)</a></td><td class=\"number\">\(count)</td></tr>"
        }
        let body: HTML = """
            <p>Store <code>\(tracker.storeID)</code>, revision \(Int(clamping: sight.snapshot.revision.number)).</p>
            <table><tr><th>Type</th><th>Objects</th></tr>\(rows)</table>
            """
        return answer("What is here", body, context)
    }

    private func list(_ context: ConsoleContext) throws -> Answer {
        let (sight, type) = try (Sight(context), type(context))
        guard sight.mayList(type) else { throw ConsoleRefusal.refused(403, ["You may not list \(context["type"])"]) }
        var query = try ListQuery(arguments: context.query.all, type: type)
        query.limit = Self.pageSize
        let found = try sight.snapshot.list(type.typeName, query, visibility: sight.rows(type))
        let columns = type.indexes.filter { !$0.name.hasSameUTF8(as: type.key.field) }.map(\.name)
            .filter { type.schema.field($0) != nil }.prefix(Self.mostColumns)
        let heads: [HTML] = ([type.key.field] + columns).map { "<th>\($0)</th>" }
        let rows: [HTML] = found.objects.map { object in
            let key = object.key.string
            let path = "/ui/types/\(context["type"])/\(PercentEncoding.encodedArgument(key))"
            let cells: [HTML] = columns.map { "<td>\(Self.text(object.document.member($0)?.value()))</td>" }
            return "<tr><td><a href=\"\(path)\">\(key)</a></td>\(cells)</tr>"
        }
        let body: HTML = """
            <p>\(found.filteredCount) of \(found.totalCount)\(Self.range(query, found.objects.count)). \
            Filters go behind the address, as in the API: <code>?Name=Re(^web)&amp;offset=100</code>.</p>
            <table><tr>\(heads)</tr>\(rows)</table>\(Self.next(query, found, context))
            """
        return answer(context["type"], body, context)
    }

    private func object(_ context: ConsoleContext) throws -> Answer {
        let (sight, type, key) = try (Sight(context), type(context), context["key"])
        guard let object = sight.snapshot.resolve(type.typeName, key), sight.reading[type.typeName].sees(object) else {
            throw type.notFound(key)
        }
        let text = type.served(object).value().prettyText()
        let name = context["type"]
        let body: HTML = """
            <p><a href="/ui/types/\(name)">\(name)</a>, changed by revision \(Int(clamping: object.revision.number)).</p>
            <pre>\(text)</pre>
            """
        return answer(object.key.string, body, context)
    }

    private func type(_ context: ConsoleContext) throws -> ObjectType {
        let name = context["type"]
        guard let type = tracker.catalog.visibleType(TypeName(name)), !type.traits.contains(.internalOnly) else {
            throw ConsoleRefusal.refused(404, ["There is no type \(name)"])
        }
        return type
    }

    private func answer(_ heading: String, _ body: HTML, _ context: ConsoleContext) -> Answer {
        var frame = PageFrame(title: title)
        frame.user = context.session.principal?.name
        frame.formToken = context.session.session?.formToken
        return .page(frame.page(heading, body))
    }

    private static func range(_ query: ListQuery, _ count: Int) -> String {
        count == 0 ? "" : ", \(query.offset + 1) to \(query.offset + count)"
    }

    /// The link to the next page, with the same filters.
    private static func next(_ query: ListQuery, _ found: ListResult, _ context: ConsoleContext) -> HTML {
        let end = query.offset + found.objects.count
        guard !found.objects.isEmpty, end < found.filteredCount else { return "" }
        let others = context.query.all.filter {
            !$0.name.hasSameUTF8(as: "offset") && !$0.name.hasSameUTF8(as: "limit")
        }
        let arguments = (others + [("offset", String(end))]).map { name, value in
            PercentEncoding.encodedArgument(name) + "=" + PercentEncoding.encodedArgument(value)
        }
        return "<p><a href=\"?\(arguments.joined(separator: "&"))\">The next \(pageSize)</a></p>"
    }

    private static func text(_ value: JSONValue?) -> String {
        switch value {
        case nil, .null: ""
        case .string(let text): text
        case .some(let value): String(decoding: value.canonicalBytes(), as: UTF8.self)
        }
    }
}
