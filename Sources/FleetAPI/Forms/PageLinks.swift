import Basics
import Fleet
import HTTPServing
import JSON
import Tracker

/// The links of a list, by which clients get on (F §4, Pagination).
struct PageLinks {
    /// What all links begin with, the arguments of the list included; a marker follows. Nil for a list without links.
    private let base: String?
    private let marker: String?

    /// The links of the list that a call asks for.
    init(_ call: FleetCall, _ query: FleetQuery, _ schema: QuerySchema) {
        var arguments: [(name: String, value: String)] = []
        for argument in schema.arguments where !Self.paging.contains(bytesOf: argument.name) {
            guard let value = call.arguments[argument.name] else { continue }
            arguments.append((argument.name, Self.text(value)))
        }
        arguments.append(("sort_keys", query.sort.columns.joined(separator: ",")))
        arguments.append(("sort_dir", query.sort.isDescending ? "desc" : "asc"))
        arguments.append(("limit", Self.text(call.arguments["limit"] ?? 30)))
        let text = arguments.map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }.joined(separator: "&")
        (base, marker) = ("\(call.origin)\(call.context.path.path)?\(text)", query.marker?.string)
    }

    private init() { (base, marker) = (nil, nil) }

    /// Those of a look-up, which has none.
    static let none = PageLinks()

    /// Appends the links: `first`, `prev`, `self`, and `next` unless the page is empty.
    func append(_ page: FleetPage, to output: inout JSONWriter, margin: Int) {
        output.appendASCIIPretty(value(page), margin: margin)
    }

    private func value(_ page: FleetPage) -> JSONValue {
        guard let base else { return [] }
        func link(_ name: String, _ marker: String?) -> JSONValue {
            let end = marker.map { "&marker=\(Self.encoded($0))" } ?? ""
            return ["rel": .string(name), "href": .string(base + end)]
        }
        var links = [link("first", nil), link("prev", page.previousMarker?.string), link("self", marker)]
        if let last = page.rows.last { links.append(link("next", last.key.string)) }
        return .array(links)
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
