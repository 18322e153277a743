import Basics

/// A regular expression in RE2's syntax, matched in time proportional to pattern times text.
///
/// Patterns come from strangers: in schemas, and in list filters (`Re(…)`, C §7.2). A backtracking engine could be kept busy
/// for ever by one of thirty characters; this one walks the text once with the set of all states it could be in.
///
/// Supported: literals, `.`, classes (`[a-z]`, `\d`, `\pL`, `\p{Lu}`, `[[:alpha:]]`), anchors (`^ $ \A \z \b \B`), groups with
/// or without a name, alternation, `* + ? {n,m}` up to 1000, their lazy forms, and the flags `i m s U`. Of Unicode's
/// properties only general categories are known, not scripts. There are no back references, as in RE2.
public struct LinearRegex: Sendable {
    /// The pattern as given.
    public let pattern: String
    private let program: RegexProgram

    /// The longest pattern in bytes. Most of this length are too large as programs already.
    public static let longestPattern = 32 << 10

    /// Compiles a pattern.
    public init(_ pattern: String) throws(SyntaxError) {
        self.pattern = pattern
        guard pattern.utf8.count <= Self.longestPattern else {
            throw SyntaxError(code: .tooLarge, fragment: String(pattern.unicodeScalars.prefix(40)) + "…")
        }
        var parser = RegexParser(pattern)
        program = try RegexProgram(try parser.parse(), pattern: pattern)
    }

    /// Whether the pattern matches anywhere in the text.
    public func matches(_ text: String) -> Bool {
        var work = StepBudget(.max)
        return matches(text, within: &work)
    }

    /// Whether the pattern matches anywhere in the text, as far as `work` lasts to find out: an exhausted budget makes false
    /// mean nothing. A step is a state that the text may have led to, at one place.
    public func matches(_ text: String, within work: inout StepBudget) -> Bool {
        var matcher = RegexMatcher(program)
        return matcher.search(text, &work)
    }
}

extension LinearRegex {
    /// What is wrong with a pattern, in the words of Go's `regexp`.
    public struct SyntaxError: Error, Sendable, Hashable, CustomStringConvertible {
        /// The kinds of fault; the raw value is the text.
        public enum Code: String, Sendable, Hashable, CaseIterable {
            case invalidCharacterClass = "invalid character class"
            case invalidCharacterRange = "invalid character class range"
            case invalidEscape = "invalid escape sequence"
            case invalidNamedCapture = "invalid named capture"
            case invalidPerlOperator = "invalid or unsupported Perl syntax"
            case invalidRepeatOperator = "invalid nested repetition operator"
            case invalidRepeatSize = "invalid repeat count"
            case missingBracket = "missing closing ]"
            case missingParenthesis = "missing closing )"
            case missingRepeatArgument = "missing argument to repetition operator"
            case trailingBackslash = "trailing backslash at end of expression"
            case unexpectedParenthesis = "unexpected )"
            case nestingDepth = "expression nests too deeply"
            case tooLarge = "expression too large"
        }

        /// The kind of fault.
        public var code: Code
        /// The part of the pattern that is at fault.
        public var fragment: String

        /// The text of the error.
        public var description: String { "error parsing regexp: \(code.rawValue): `\(fragment)`" }
    }
}

extension LinearRegex: Hashable {
    /// Regular expressions are equal when their patterns are.
    public static func == (left: LinearRegex, right: LinearRegex) -> Bool {
        left.pattern.hasSameUTF8(as: right.pattern)
    }

    /// Feeds the pattern.
    public func hash(into hasher: inout Hasher) { pattern.hashUTF8(into: &hasher) }
}
