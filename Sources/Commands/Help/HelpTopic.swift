import Basics

/// A text about what several commands have in common, as filters or the environment.
///
/// `muster help NAME` shows one, and the manual has a page of section 7 for each.
struct HelpTopic: Sendable {
    /// The word that shows it.
    let name: String
    /// What it is about, in one line.
    let abstract: String
    /// The text.
    let text: String

    /// All topics, in the order of their names. A new one is an extension in the folder `Topics` and a word here.
    static let all: [HelpTopic] = [.changeSets, .claims, .environment, .filters, .output, .packs, .patches]

    /// The topic of a name; nil if there is none.
    static func named(_ name: String) -> HelpTopic? { all.first { $0.name.hasSameUTF8(as: name) } }

    /// The topics, a line each.
    static var list: String {
        let width = (all.map(\.name.utf8.count).max() ?? 0) + 2
        let lines = all.map { topic in
            let padding = String(repeating: " ", count: width - topic.name.utf8.count)
            return "  " + topic.name + padding + topic.abstract
        }
        let title = "Topics; `muster help TOPIC` shows one:"
        return title + "\n\n" + lines.joined(separator: "\n")
    }
}
