import ArgumentParser
import Basics
import Client
import JSON
import Yams

/// How a command prints what it got.
enum OutputFormat: Sendable, ExpressibleByArgument {
    /// A table that fits the terminal.
    case table
    /// A table with more columns, as wide as it takes.
    case wide
    /// JSON, over several lines for one object, as the server sent it for lists.
    case json
    /// YAML.
    case yaml
    /// `TYPE/KEY`, a line each.
    case name
    /// What a JSONPath template finds.
    case jsonPath(JSONPathTemplate)

    /// The form that a flag's text means.
    init?(argument: String) {
        switch argument {
        case "table": self = .table
        case "wide": self = .wide
        case "json": self = .json
        case "yaml": self = .yaml
        case "name": self = .name
        default:
            guard argument.hasBytePrefix("jsonpath="),
                let template = try? JSONPathTemplate(String(argument.dropFirst("jsonpath=".count)))
            else { return nil }
            self = .jsonPath(template)
        }
    }

    /// Whether it is JSON.
    var isJSON: Bool { if case .json = self { true } else { false } }
    /// Whether it is YAML.
    var isYAML: Bool { if case .yaml = self { true } else { false } }
    /// Whether it is a table, wide or not.
    var isTable: Bool {
        switch self {
        case .table, .wide: true
        case .json, .yaml, .name, .jsonPath: false
        }
    }

    /// The forms that completion offers.
    static var allValueStrings: [String] { ["table", "wide", "json", "yaml", "name", "jsonpath="] }

    /// One value in this form, with a line end.
    ///
    /// - Parameter named: what `name` prints of it.
    func text(of value: JSONValue, named: (JSONValue) -> String) -> String {
        switch self {
        case .json: value.prettyText() + "\n"
        case .yaml: YAMLText.text(of: value)
        case .name: named(value) + "\n"
        case .jsonPath(let template): template.text(of: value) + "\n"
        case .table, .wide: FieldList(value).text
        }
    }
}

/// YAML made of JSON.
enum YAMLText {
    /// The value as a YAML document, members in their order.
    static func text(of value: JSONValue) -> String {
        // Nodes that are made of JSON can always be written.
        (try? serialize(node: node(of: value))) ?? value.canonicalText + "\n"
    }

    private static func node(of value: JSONValue) -> Node {
        switch value {
        case .null: Node("null", Tag(.null))
        case .bool(let flag): Node(flag ? "true" : "false", Tag(.bool))
        case .number(let number): Node(JSONValue.number(number).canonicalText, Tag(.float))
        case .string(let value) where value.contains("\n"): Node(value, Tag(.str), .literal)
        case .string(let value): text(value)
        case .array(let values): .sequence(.init(values.map(node)))
        case .object(let object): .mapping(.init(object.members.map { (text($0.key), node(of: $0.value)) }))
        }
    }

    /// A scalar that is read as this text.
    private static func text(_ text: String) -> Node {
        Node(text, Tag(.str), needsQuotes(text) || text.contains("\n") ? .doubleQuoted : .any)
    }

    /// Whether a plain scalar of this text would be read as something else than text.
    private static func needsQuotes(_ text: String) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last else { return true }
        if ["null", "true", "false", "yes", "no", "on", "off", "~", "y", "n"].contains(text.asciiLowercased) {
            return true
        }
        if first == 32 || last == 32 || "-?:,[]{}#&*!|>'\"%@`.+=0123456789<".utf8.contains(first) { return true }
        return text.contains(": ") || text.contains(" #") || last == UInt8(ascii: ":")
    }
}
