import Basics
import JSON

/// Which events a client wants: `users.update,save.*` (C §12).
///
/// Three parts between dots, of which the last may hold dots itself: type, action and key. Each is `*` for any, or a
/// comma-separated list of words. In words `\1`, `\2` and `\3` stand for `.`, `,` and `*`.
public struct EventFilter: Sendable, Hashable {
    /// The text as the client gave it.
    public let text: String
    private let type: Words
    private let action: Words
    private let key: Words

    /// What one part lets through.
    private enum Words: Sendable, Hashable {
        case any
        case one(Identifier)
        case some(Set<Identifier>)

        init(_ part: Substring) {
            let words = part.parts(between: ",")
            if words.contains(where: { $0.hasSameUTF8(as: "*") }) {
                self = .any
            } else if words.count == 1 {
                self = .one(Self.unescaped(words[0]))
            } else {
                self = .some(Set(words.map(Self.unescaped)))
            }
        }

        func contain(_ word: Identifier) -> Bool {
            switch self {
            case .any: true
            case .one(let wanted): wanted == word
            case .some(let wanted): wanted.contains(word)
            }
        }

        private static func unescaped(_ word: Substring) -> Identifier {
            guard word.utf8.contains(UInt8(ascii: "\\")) else { return Identifier(word) }
            var text: [UInt8] = []
            for byte in word.utf8 {
                guard text.last == UInt8(ascii: "\\"), let meant = meaning(of: byte) else {
                    text.append(byte)
                    continue
                }
                text[text.count - 1] = meant
            }
            return Identifier(String(decoding: text, as: UTF8.self))
        }

        private static func meaning(of digit: UInt8) -> UInt8? {
            switch digit {
            case UInt8(ascii: "1"): UInt8(ascii: ".")
            case UInt8(ascii: "2"): UInt8(ascii: ",")
            case UInt8(ascii: "3"): UInt8(ascii: "*")
            default: nil
            }
        }
    }

    /// The longest filter in bytes.
    public static let longestText = 8192

    /// The filter that `text` spells.
    ///
    /// - Throws: `malformedFilter` when it has not three parts or is too long.
    public init(_ text: String) throws(EventError) {
        guard text.utf8.count <= Self.longestText else {
            throw .malformedFilter(text, "it is longer than \(Self.longestText) bytes")
        }
        let parts = text.parts(between: ".", maxSplits: 2)
        guard parts.count == 3 else {
            throw .malformedFilter(text, "it must have three parts, type.action.key, such as users.update.*")
        }
        self.text = text
        (type, action, key) = (Words(parts[0]), Words(parts[1]), Words(parts[2]))
    }

    /// Whether the filter names that type, and does not just want any.
    public func names(type: String) -> Bool { self.type != .any && self.type.contain(Identifier(type)) }

    /// Whether an event of that type, action and key is wanted.
    public func matches(type: String, action: String, key: String) -> Bool {
        self.type.contain(Identifier(type)) && self.action.contain(Identifier(action))
            && self.key.contain(Identifier(key))
    }

    /// Whether the event is wanted.
    public func matches(_ event: Event) -> Bool { matches(type: event.type, action: event.action, key: event.key) }
}

extension EventFilter {
    /// Whether both are spelt in the same bytes; then they want the same.
    public static func == (left: EventFilter, right: EventFilter) -> Bool { left.text.hasSameUTF8(as: right.text) }

    /// Feeds the text.
    public func hash(into hasher: inout Hasher) { hasher.combine(Identifier(text)) }
}
