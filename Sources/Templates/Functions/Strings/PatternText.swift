import Basics
import JSON

/// Text that patterns are matched with.
struct PatternText {
    /// A part of what replaces a match.
    enum Piece {
        case text(String)
        case group(Int)
    }

    let scalars: [Unicode.Scalar]

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    /// The text of a range; nothing for none.
    subscript(range: Range<Int>?) -> String {
        range.map { String(String.UnicodeScalarView(scalars[$0])) } ?? ""
    }

    /// The pieces of a replacement, in which `$1`, `$name` and `${name}` stand for groups.
    static func pieces(of replacement: String, _ finder: RegexFinder) -> [Piece] {
        var (pieces, rest): ([Piece], Substring) = ([], replacement[...])
        while let dollar = rest.firstByteIndex(of: "$") {
            pieces.append(.text(String(rest[..<dollar])))
            rest = rest[dollar...].dropFirst()
            if let after = rest.after("$") {
                pieces.append(.text("$"))
                rest = after
            } else if let (name, after) = name(in: rest) {
                if let number = number(of: name, finder) { pieces.append(.group(number)) }
                rest = after
            } else {
                pieces.append(.text("$"))
            }
        }
        return pieces + [.text(String(rest))]
    }

    /// The name behind a dollar sign and what follows it; nil when there is none.
    private static func name(in text: Substring) -> (name: String, rest: Substring)? {
        let inner = text.after("{")
        let scalars = (inner ?? text).unicodeScalars
        let end = scalars.firstIndex { !$0.isWord } ?? scalars.endIndex
        let name = String(scalars[..<end])
        guard !name.isEmpty else { return nil }
        let rest = Substring(scalars[end...])
        guard inner != nil else { return (name, rest) }
        return rest.after("}").map { (name, $0) }
    }

    private static func number(of name: String, _ finder: RegexFinder) -> Int? {
        guard name.utf8.allSatisfy(\.isASCIIDigit) else { return finder.groupNames[Identifier(name)] }
        // A number with a zero in front is none.
        guard name.utf8.count == 1 || name.utf8.first != UInt8(ascii: "0"), let number = Int(name) else { return nil }
        return number <= finder.groupCount ? number : nil
    }

    /// The text with a backslash in front of everything that means something in a pattern.
    static func quoted(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if #"\.+*?()|[]{}^$"#.unicodeScalars.contains(scalar) { result += "\\" }
            result.unicodeScalars.append(scalar)
        }
        return result
    }
}
