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

/// A text about what several commands have in common.
struct HelpTopic: Sendable {
    /// The word that shows it.
    let name: String
    /// What it is about, in one line.
    let abstract: String
    /// The text.
    let text: String

    /// All topics, in the order of their names.
    static let all: [HelpTopic] = [.changeSets, .claims, .environment, .filters, .output, .packs, .patches]

    /// The topic of a name; nil if there is none.
    static func named(_ name: String) -> HelpTopic? { all.first { $0.name.hasSameUTF8(as: name) } }

    /// The topics, a line each.
    static var list: String {
        let width = (all.map(\.name.utf8.count).max() ?? 0) + 2
        let lines = all.map { topic in
            "  " + topic.name + String(repeating: " ", count: width - topic.name.utf8.count) + topic.abstract
        }
        return "Topics; `muster help TOPIC` shows one:\n\n" + lines.joined(separator: "\n")
    }
}
