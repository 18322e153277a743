import ArgumentParser
import Basics
import Client

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
