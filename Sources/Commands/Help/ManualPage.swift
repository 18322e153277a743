import Basics

/// A page of the manual in roff, as `man` reads it (man(7)).
struct ManualPage {
    /// The command's words, as `muster packs lint`.
    let path: [String]
    /// The command.
    let command: CommandTree
    /// What the program calls itself, in the footer.
    let version: String

    /// The name of the page, as `muster-packs-lint`.
    var name: String { path.joined(separator: "-") }

    /// The page.
    var text: String {
        var text = ".TH \(Self.quoted(name.utf8Uppercased)) 1 \"\" \(Self.quoted("Muster \(version)")) \"Muster\"\n"
        text += ".SH NAME\n\(Self.escaped(name)) \\- \(Self.escaped(command.abstract))\n"
        text += ".SH SYNOPSIS\n.B \(Self.escaped(path.joined(separator: " ")))\n\(synopsis)"
        if !command.discussion.isEmpty { text += ".SH DESCRIPTION\n" + Self.paragraphs(command.discussion) }
        let arguments = command.arguments.filter { $0.kind == .positional }
        if !arguments.isEmpty { text += ".SH ARGUMENTS\n" + arguments.map(Self.entry).joined() }
        let options = command.arguments.filter { $0.kind != .positional }
        if !options.isEmpty { text += ".SH OPTIONS\n" + options.map(Self.entry).joined() }
        if !command.subcommands.isEmpty {
            text += ".SH COMMANDS\n"
            for next in command.subcommands {
                text += ".TP\n.B \(Self.escaped(next.name))\n\(Self.escaped(next.abstract))\n"
            }
        }
        return text + seeAlso
    }

    /// The pages of a program: one for itself, each command and each topic, by file name.
    static func all(of root: CommandTree, version: String) -> [(file: String, text: String)] {
        var pages = pages(of: root, path: [root.name], version).map { ("\($0.name).1", $0.text) }
        for topic in HelpTopic.all {
            let name = "\(root.name)-\(topic.name)"
            let body = topic.text.parts(between: "\n").dropFirst().joined(separator: "\n")
            let text =
                ".TH \(quoted(name.utf8Uppercased)) 7 \"\" \(quoted("Muster \(version)")) \"Muster\"\n"
                + ".SH NAME\n\(escaped(name)) \\- \(escaped(topic.abstract))\n.SH DESCRIPTION\n" + paragraphs(body)
            pages.append(("\(name).7", text))
        }
        return pages
    }

    private static func pages(of command: CommandTree, path: [String], _ version: String) -> [ManualPage] {
        [ManualPage(path: path, command: command, version: version)]
            + command.subcommands.flatMap { pages(of: $0, path: path + [$0.name], version) }
    }

    private var synopsis: String {
        var words = command.subcommands.isEmpty ? [] : ["\\fICOMMAND\\fR"]
        for argument in command.positionals {
            let name = "\\fI\(Self.escaped(argument.valueName.utf8Uppercased))\\fR" + (argument.isRepeating ? "…" : "")
            words.append(argument.isOptional ? "[\(name)]" : name)
        }
        if command.arguments.contains(where: { $0.kind != .positional }) { words.append("[\\fIOPTION\\fR…]") }
        return words.isEmpty ? "" : words.joined(separator: " ") + "\n"
    }

    private var seeAlso: String {
        var names = path.count > 1 ? [path.dropLast().joined(separator: "-") + "(1)"] : []
        names += command.subcommands.map { "\(name)-\($0.name)(1)" }
        if path.count == 1 { names += HelpTopic.all.map { "\(name)-\($0.name)(7)" } }
        return names.isEmpty ? "" : ".SH SEE ALSO\n" + names.map(Self.escaped).joined(separator: ", ") + "\n"
    }
}

extension ManualPage {
    private static func entry(_ argument: CommandTree.Argument) -> String {
        let value = "\\fI\(escaped(argument.valueName.utf8Uppercased))\\fR"
        let names = argument.names.map { "\\fB\(escaped($0))\\fR" }.joined(separator: ", ")
        let head = argument.kind == .positional ? value : argument.kind == .flag ? names : "\(names) \(value)"
        return ".TP\n\(head)\n\(argument.abstract.isEmpty ? "\\&" : escaped(argument.abstract))\n"
    }

    /// Paragraphs; lines that begin with spaces, as examples do, stay as they are.
    private static func paragraphs(_ text: String) -> String {
        var roff = "", isPlain = true
        for line in text.parts(between: "\n") {
            let isIndented = line.hasBytePrefix("  ")
            if isIndented == isPlain, !line.isEmpty {
                roff += isIndented ? ".PP\n.nf\n" : ".fi\n.PP\n"
                isPlain = !isIndented
            }
            roff += line.isEmpty ? (isPlain ? ".PP\n" : "\n") : escaped(String(line)) + "\n"
        }
        return isPlain ? roff : roff + ".fi\n"
    }

    private static func quoted(_ text: String) -> String { "\"" + escaped(text).replacing("\"", with: "\\(dq") + "\"" }

    /// A text in which nothing is a request or an escape of roff.
    private static func escaped(_ text: String) -> String {
        let plain = text.replacing("\\", with: "\\e").replacing("-", with: "\\-").replacing("`", with: "\\`")
        return plain.hasBytePrefix(".") || plain.hasBytePrefix("'") ? "\\&" + plain : plain
    }
}

extension String {
    /// The text with ASCII letters made capitals.
    fileprivate var utf8Uppercased: String {
        String(decoding: utf8.map { (97...122).contains($0) ? $0 - 32 : $0 }, as: UTF8.self)
    }
}
