import Basics
import Fleet
import HTTPServing
import JSON
import Tracker

/// The links of a list, by which clients get on (F §4, Pagination).
struct PageLinks {
    let call: FleetCall
    let query: FleetQuery
    let schema: QuerySchema

    /// The links: `first`, `prev`, `self`, and `next` unless the page is empty.
    func value(_ page: FleetPage) -> JSONValue {
        let previous = page.previousMarker?.string
        var links = [
            link("first", marker: nil), link("prev", marker: previous), link("self", marker: query.marker?.string),
        ]
        if let last = page.rows.last { links.append(link("next", marker: last.key.string)) }
        return .array(links)
    }

    private func link(_ name: String, marker: String?) -> JSONValue {
        var arguments: [(name: String, value: String)] = []
        for argument in schema.arguments where !Self.paging.contains(bytesOf: argument.name) {
            guard let value = call.arguments[argument.name] else { continue }
            arguments.append((argument.name, Self.text(value)))
        }
        arguments.append(("sort_keys", query.sort.columns.joined(separator: ",")))
        arguments.append(("sort_dir", query.sort.isDescending ? "desc" : "asc"))
        arguments.append(("limit", Self.text(call.arguments["limit"] ?? 30)))
        if let marker { arguments.append(("marker", marker)) }
        let text = arguments.map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }.joined(separator: "&")
        return ["rel": .string(name), "href": .string("\(call.origin)\(call.context.path.path)?\(text)")]
    }

    private static let paging = ["limit", "marker", "sort_keys", "sort_dir"]

    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .bool(let flag): flag ? "True" : "False"
        case .string(let text): text
        default: value.canonicalText
        }
    }

    private static func encoded(_ text: String) -> String {
        PercentEncoding.encode(text.utf8, keeping: PercentEncoding.isUnreserved)
    }
}
