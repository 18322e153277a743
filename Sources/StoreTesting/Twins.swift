/// Two names that are different bytes, and yet one to who compares them by Unicode's rules or without regard to case.
public struct Twins: Sendable, CustomStringConvertible {
    /// One of the names.
    public let one: String
    /// The other.
    public let other: String

    /// Two names around the same random letters, which all rules for names allow.
    public init(_ generator: inout SeededGenerator) {
        let letters = (0..<6).map { _ in Self.letters.randomElement(using: &generator) ?? "x" }
        let (head, tail) = ("n" + String(letters[..<3]), String(letters[3...]))
        let pair = Self.pairs.randomElement(using: &generator) ?? ("K", "\u{212A}")
        let (left, right) = Bool.random(using: &generator) ? pair : (pair.1, pair.0)
        (one, other) = (head + left + tail, head + right + tail)
    }

    /// The names with their code points, since they look the same.
    public var description: String {
        [one, other].map { name in
            name.unicodeScalars.map { $0.isASCII ? String($0) : "\\u{\(String($0.value, radix: 16))}" }.joined()
        }.joined(separator: " and ")
    }

    private static let letters = Array("abcdefghijlmnopqrstuvwxyz0123456789-_.")

    /// All of letters: Kelvin, Ångström and Ohm signs, a Chinese sign of which there are two, Korean syllables made and taken
    /// apart; then twins in case only.
    private static let pairs = [
        ("K", "\u{212A}"), ("\u{C5}", "\u{212B}"), ("\u{3A9}", "\u{2126}"), ("\u{8C48}", "\u{F900}"),
        ("\u{AC00}", "\u{1100}\u{1161}"), ("k", "K"), ("k", "\u{212A}"), ("\u{DF}", "SS"), ("\u{E9}", "\u{C9}"),
        ("i", "\u{130}"),
    ]
}
