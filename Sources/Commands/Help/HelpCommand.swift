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
