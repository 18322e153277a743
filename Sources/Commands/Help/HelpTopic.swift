import Basics

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
