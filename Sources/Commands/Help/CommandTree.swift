import ArgumentParser
import Basics
import JSON

/// A command as help, manual pages and completion see it: read from what the argument parser tells of itself.
struct CommandTree: Sendable {
    /// The name.
    let name: String
    /// What it does, in one line.
    let abstract: String
    /// More of it, with examples.
    let discussion: String
    /// The commands that lie in it; those that help does not list are left out.
    let subcommands: [CommandTree]
    /// What it takes, in the order of the declarations.
    let arguments: [Argument]

    /// A positional argument, an option or a flag.
    struct Argument: Sendable {
        /// What an argument is.
        enum Kind: String, Sendable {
            /// Known by its place.
            case positional
            /// A name with a value.
            case option
            /// A name alone.
            case flag
        }

        /// What it is.
        let kind: Kind
        /// The names with their dashes, as `-o` and `--output`.
        let names: [String]
        /// What its value is called.
        let valueName: String
        /// What it is for.
        let abstract: String
        /// The values that there are; empty if anything goes.
        let values: [String]
        /// The kind of files that it takes: `file` or `directory`; nil if it takes none.
        let files: String?
        /// Whether it may be left out.
        let isOptional: Bool
        /// Whether it may be given more than once.
        let isRepeating: Bool
    }

    /// The tree of a program; nil if the parser tells something unknown.
    init?<Root: ParsableCommand>(_ root: Root.Type) {
        guard let value = try? JSONValue(parsing: root._dumpHelp()), let command = value["command"] else { return nil }
        self.init(command)
    }

    private init(_ value: JSONValue) {
        name = value["commandName"]?.stringValue ?? ""
        abstract = value["abstract"]?.stringValue ?? ""
        discussion = value["discussion"]?.stringValue ?? ""
        subcommands = Self.shown(value["subcommands"]).map { CommandTree($0) }
        arguments = Self.shown(value["arguments"]).map { Argument($0) }
    }

    /// The subcommand of a name; nil if there is none.
    func subcommand(_ name: String) -> CommandTree? { subcommands.first { $0.name.hasSameUTF8(as: name) } }

    /// The positional arguments, in their order.
    var positionals: [Argument] { arguments.filter { $0.kind == .positional } }

    fileprivate static func shown(_ values: JSONValue?) -> [JSONValue] {
        (values?.arrayValue ?? []).filter { $0["shouldDisplay"]?.boolValue ?? true }
    }
}

extension CommandTree.Argument {
    fileprivate init(_ value: JSONValue) {
        kind = Kind(rawValue: value["kind"]?.stringValue ?? "") ?? .flag
        names = (value["names"]?.arrayValue ?? []).compactMap { name in
            guard let text = name["name"]?.stringValue else { return nil }
            return (name["kind"]?.stringValue == "long" ? "--" : "-") + text
        }
        valueName = value["valueName"]?.stringValue ?? ""
        abstract = value["abstract"]?.stringValue ?? ""
        let completion = value["completionKind"]
        values = (completion?["list"]?["values"] ?? value["allValues"])?.arrayValue?.compactMap(\.stringValue) ?? []
        files = completion?["file"] != nil ? "file" : completion?["directory"] != nil ? "directory" : nil
        isOptional = value["isOptional"]?.boolValue ?? false
        isRepeating = value["isRepeating"]?.boolValue ?? false
    }
}
