import Basics
import HTTPServing
import JSON
import Tracker

/// The validators that a client names, in `If-Match` or `If-None-Match` (RFC 9110 §13.1).
struct EntityTags: Sendable {
    private struct Tag: Sendable {
        /// The tag with its quotes.
        let text: String
        let isWeak: Bool
    }

    private let tags: [Tag]
    private let isAny: Bool

    /// The tags in a header's text, or nil without one. What is not quoted is no tag of ours.
    init?(_ text: String?) {
        guard let text else { return nil }
        var tags: [Tag] = []
        var isAny = false
        var rest = text.utf8[...]
        while let byte = rest.first {
            let end: Substring.UTF8View.Index
            if byte == UInt8(ascii: "\"") || rest.starts(with: "W/\"".utf8) {
                let start = byte == UInt8(ascii: "W") ? rest.index(rest.startIndex, offsetBy: 2) : rest.startIndex
                let inner = rest.index(after: start)
                let quote = rest[inner...].firstIndex(of: UInt8(ascii: "\""))
                end = quote.map { rest.index(after: $0) } ?? rest.endIndex
                tags.append(Tag(text: String(rest[start..<end]) ?? "", isWeak: start != rest.startIndex))
            } else {
                if byte == UInt8(ascii: "*") { isAny = true }
                end = rest.index(after: rest.startIndex)
            }
            rest = rest[end...]
        }
        (self.tags, self.isAny) = (tags, isAny)
    }

    /// Whether the client knows the object as `tag` says it is; `*` knows everything, and weak tags count as what they would be
    /// if strong.
    func contains(_ tag: String) -> Bool { isAny || tags.contains { $0.text.hasSameUTF8(as: tag) } }

    /// The tags for a strong comparison, in which weak ones match nothing.
    var strong: WriteCondition.Tags { isAny ? .any : .of(tags.filter { !$0.isWeak }.map(\.text)) }

    /// The tags for a weak comparison.
    var weak: WriteCondition.Tags { isAny ? .any : .of(tags.map(\.text)) }
}
