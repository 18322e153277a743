/// A name, a key, a claim or whatever else tells one thing from another: equal to another only if the UTF-8 bytes are the same.
///
/// `String` compares by Unicode canonical equivalence, so names that are different keys of the store would be one key of a
/// `Set<String>` or `[String: …]`. Sets and dictionaries of names have this as their key; it costs no more than the text.
public struct Identifier: Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The text, as it was given.
    public let text: String

    /// The identifier of that text.
    @inlinable
    public init(_ text: String) { self.text = text }

    /// The identifier of that part of a text.
    public init(_ text: Substring) { self.text = String(text) }

    /// An identifier written in source.
    public init(stringLiteral value: String) { text = value }

    /// The text.
    public var description: String { text }
}

extension Identifier: Hashable {
    /// Whether both are the same bytes.
    @inlinable
    public static func == (left: Identifier, right: Identifier) -> Bool { left.text.hasSameUTF8(as: right.text) }

    /// Feeds the bytes.
    @inlinable
    public func hash(into hasher: inout Hasher) { text.hashUTF8(into: &hasher) }
}

extension Identifier: Comparable {
    /// Whether `left` sorts before `right`, byte by byte.
    @inlinable
    public static func < (left: Identifier, right: Identifier) -> Bool { left.text.precedesInUTF8(right.text) }
}
