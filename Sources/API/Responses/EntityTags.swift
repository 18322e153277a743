import JSON

/// The validators that a client knows, from `If-None-Match` (RFC 9110 §13.1.2).
struct EntityTags: Sendable {
    private let tags: [Substring]

    /// The tags in a header's text, or nil without one. Weak tags count as what they would be if strong.
    init?(_ text: String?) {
        guard let text else { return nil }
        tags = text.split(separator: ",").map { tag in
            let tag = tag.drop { $0.isWhitespace }
            return (tag.after("W/") ?? tag).prefix { !$0.isWhitespace }
        }
    }

    /// The first of the tags, as it was sent.
    var first: String { tags.first.map(String.init) ?? "" }

    /// Whether the client knows the object as `tag` says it is; `*` knows everything.
    func contains(_ tag: String) -> Bool { tags.contains { $0.hasSameUTF8(as: tag) || $0 == "*" } }
}
