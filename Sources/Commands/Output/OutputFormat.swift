import ArgumentParser
import Basics
import Client
import Content
import JSON
import Templates

/// How a command prints what it got.
enum OutputFormat: Sendable {
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
    /// What a Go template makes of it.
    case template(Template)

    /// What is shown of each form in help and completion.
    static let names = ["table", "wide", "json", "yaml", "name", "jsonpath=", "template="]

    /// The form that a flag's text means.
    ///
    /// - Throws: `ClientError` of kind `usage` that says where a template is wrong, or which forms there are.
    init(argument: String) throws(ClientError) {
        if let path = Self.rest(of: argument, after: "jsonpath=") {
            self = .jsonPath(try JSONPathTemplate(path))
        } else if let text = Self.rest(of: argument, after: "template=") {
            do throws(TemplateError) {
                self = .template(try Template(parsing: text, name: "output"))
            } catch {
                throw ClientError(.usage, "\(error)")
            }
        } else {
            self = try Self.plain(argument)
        }
    }

    private static func plain(_ argument: String) throws(ClientError) -> OutputFormat {
        switch argument {
        case "table": .table
        case "wide": .wide
        case "json": .json
        case "yaml": .yaml
        case "name": .name
        default:
            throw ClientError(
                .usage, "there are table, wide, json, yaml, name, jsonpath=TEMPLATE and template=TEMPLATE")
        }
    }

    private static func rest(of text: String, after start: String) -> String? {
        text.hasBytePrefix(start) ? String(text.utf8.dropFirst(start.utf8.count)) : nil
    }

    /// Whether it is JSON.
    var isJSON: Bool { if case .json = self { true } else { false } }
    /// Whether it is YAML.
    var isYAML: Bool { if case .yaml = self { true } else { false } }
    /// Whether it is a table, wide or not.
    var isTable: Bool {
        switch self {
        case .table, .wide: true
        case .json, .yaml, .name, .jsonPath, .template: false
        }
    }

    /// Whether it shows a value as it is, or what a template makes of it, and not what a command has to say of it.
    var isStructured: Bool {
        switch self {
        case .json, .yaml, .jsonPath, .template: true
        case .table, .wide, .name: false
        }
    }

    /// One value in this form, with a line end.
    ///
    /// - Parameter named: what `name` prints of it.
    /// - Throws: `ClientError` of kind `usage` when a template fails on the value.
    func text(of value: JSONValue, named: (JSONValue) -> String) throws(ClientError) -> String {
        switch self {
        case .json: value.prettyText() + "\n"
        case .yaml: YAMLText.text(of: value)
        case .name: named(value) + "\n"
        case .jsonPath(let template): template.text(of: value) + "\n"
        case .template(let template): try Self.text(template, value) + "\n"
        case .table, .wide: FieldList(value).text
        }
    }

    private static func text(_ template: Template, _ value: JSONValue) throws(ClientError) -> String {
        do throws(TemplateExecutionError) {
            return try template.execute(TemplateValue(value))
        } catch {
            throw ClientError(.usage, "\(error)")
        }
    }
}

/// The flag of commands that ask no server and print something.
struct OutputOptions: ParsableArguments {
    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp(
            "What to print: table, json, yaml, jsonpath=TEMPLATE or template=TEMPLATE.", valueName: "form"),
        completion: .list(OutputFormat.names), transform: OutputFormat.init(argument:))
    var format: OutputFormat?

    /// The form to print in.
    var output: OutputFormat { format ?? .table }
}
