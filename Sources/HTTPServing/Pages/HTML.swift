/// A piece of a page. Texts that are put into it are escaped, so that none can become markup; pieces are put in as they are.
///
/// ```swift
/// let row: HTML = "<tr><td>\(machine.name)</td></tr>"
/// let table: HTML = "<table>\(rows)</table>"
/// ```
package struct HTML: Sendable, ExpressibleByStringInterpolation {
    /// The markup.
    package let markup: String

    package init(stringLiteral value: String) { markup = value }

    package init(stringInterpolation: Interpolation) { markup = stringInterpolation.markup }

    /// A text with the characters that mean something in markup and in quoted attributes escaped.
    package static func escaped(_ text: some StringProtocol) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// Puts texts and pieces into a piece.
    package struct Interpolation: StringInterpolationProtocol {
        fileprivate var markup = ""

        package init(literalCapacity: Int, interpolationCount: Int) { markup.reserveCapacity(literalCapacity) }

        package mutating func appendLiteral(_ literal: String) { markup += literal }

        /// Puts a text in, escaped.
        package mutating func appendInterpolation(_ text: some StringProtocol) { markup += HTML.escaped(text) }

        /// Puts a number in.
        package mutating func appendInterpolation(_ number: Int) { markup += String(number) }

        /// Puts a piece in as it is.
        package mutating func appendInterpolation(_ piece: HTML) { markup += piece.markup }

        /// Puts pieces in as they are, one after the other.
        package mutating func appendInterpolation(_ pieces: [HTML]) { for piece in pieces { markup += piece.markup } }
    }
}
