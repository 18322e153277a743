import HTTPServing
import Tracker

/// What a client says on a websocket (C §12).
enum SocketCommand: Sendable, Hashable {
    /// Tell me of these.
    case register(EventFilter)
    /// Tell me of these no longer.
    case deregister(EventFilter)
    /// Begin there.
    case since(EventStart)

    /// The longest command in bytes.
    static let longestText = EventFilter.longestText + 20

    /// The command that a text spells: a word, blanks, and what the word is about.
    ///
    /// - Throws: `EventError` naming what is wrong.
    init(_ text: some StringProtocol) throws(EventError) {
        let (word, rest) = Self.split(text)
        switch word {
        case "register": self = .register(try EventFilter(rest))
        case "deregister": self = .deregister(try EventFilter(rest))
        case "since": self = .since(try EventStart(rest))
        default: throw .malformedFilter(String(text.prefix(100)), "say register, deregister or since, and what")
        }
    }

    /// The first word of a text and what follows it, without the blanks around them.
    static func split(_ text: some StringProtocol) -> (word: String, rest: String) {
        let trimmed = trim(Substring(text))
        let word = trimmed.prefix { !$0.isWhitespace }
        return (String(word), String(trim(trimmed[word.endIndex...])))
    }

    private static func trim(_ text: Substring) -> Substring {
        let head = text.drop(while: \.isWhitespace)
        return head.lastIndex { !$0.isWhitespace }.map { head[...$0] } ?? ""
    }
}
