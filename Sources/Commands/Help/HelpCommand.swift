import ArgumentParser
import Basics
import Client

/// `muster help`.
struct HelpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "help", abstract: "Show how to use a command, or what a topic is about.",
        discussion: """
            `muster help topics` lists the topics.

            Examples:
              muster help
              muster help params set
              muster help filters
            """)

    @Argument(help: ArgumentHelp("A command, or a topic.", valueName: "subject")) var subject: [String] = []

    func run() throws {
        guard let program = CommandProgram.current else { return }
        try Console().finish(try Self.text(about: subject, program.root) + "\n")
    }

    /// What help shows.
    ///
    /// - Throws: `ClientError` of kind `usage` when there is neither a command nor a topic of that name.
    static func text(about subject: [String], _ root: any ParsableCommand.Type) throws(ClientError) -> String {
        if subject.count == 1, let topic = HelpTopic.named(subject[0]) { return topic.text }
        if subject.count == 1, "topics".hasSameUTF8(as: subject[0]) { return HelpTopic.list }
        var place = CommandPlace(root)
        for name in subject { place = try place.subcommand(name, else: HelpTopic.all.map(\.name) + ["topics"]) }
        return root.helpMessage(for: place.command, columns: Terminal.width ?? 100)
    }
}

/// A command among those of a program.
struct CommandPlace {
    /// The command.
    let command: any ParsableCommand.Type

    init(_ command: any ParsableCommand.Type) { self.command = command }

    /// The subcommand of a name.
    ///
    /// - Parameter others: other words that may have been meant.
    /// - Throws: `ClientError` of kind `usage` with the word that comes near.
    func subcommand(_ name: String, else others: [String] = []) throws(ClientError) -> CommandPlace {
        if let found = self[name] { return found }
        let (names, path) = (names, path)
        let hint =
            NearestWord.to(name, among: names + others).map { "Did you mean \($0)?" }
            ?? (path.isEmpty ? "`muster help` lists them" : "There are \(names.joined(separator: ", "))")
        throw ClientError(.usage, "there is no command `\(name)`\(path). \(hint)")
    }

    /// The subcommands that help lists.
    private var names: [String] {
        var names: [String] = []
        for next in command.configuration.subcommands where next.configuration.shouldDisplay {
            names.append(next._commandName)
        }
        return names
    }

    /// Where the command is, for messages; empty for the program itself.
    private var path: String {
        command.configuration.subcommands.contains { $0 == HelpCommand.self } ? "" : " of `\(command._commandName)`"
    }

    /// The subcommand of a name or an alias; nil if there is none.
    subscript(name: String) -> CommandPlace? {
        for next in command.configuration.subcommands
        where next._commandName.hasSameUTF8(as: name) || next.configuration.aliases.contains(bytesOf: name) {
            return CommandPlace(next)
        }
        return nil
    }

    /// Complains if the first word of a command line that is no option names no subcommand, where one is needed.
    ///
    /// - Throws: `ClientError` of kind `usage`.
    func check(_ arguments: [String]) throws(ClientError) {
        guard !command.configuration.subcommands.isEmpty, let word = arguments.first, !word.hasBytePrefix("-") else {
            return
        }
        try subcommand(word).check(Array(arguments.dropFirst()))
    }

    /// The names that lead to the innermost command of a command line, as `packs lint`.
    func path(in arguments: [String]) -> [String] {
        guard let word = arguments.first, let next = self[word] else { return [] }
        return [next.command._commandName] + next.path(in: Array(arguments.dropFirst()))
    }
}
