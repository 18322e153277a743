/// A parsed regular expression.
indirect enum RegexNode {
    /// The empty text.
    case empty
    /// One scalar.
    case literal(Unicode.Scalar)
    /// One scalar out of a class.
    case scalar(ScalarClass)
    /// A condition on the place between two scalars.
    case assertion(RegexAssertion)
    /// One after the other.
    case sequence([RegexNode])
    /// Any of these.
    case alternatives([RegexNode])
    /// `least` to `most` times, or without end; as often as possible, or as seldom.
    case repeated(RegexNode, least: Int, most: Int?, isLazy: Bool)
    /// A group whose text is wanted, by its number.
    case group(RegexNode, Int)
}

/// A condition on the place between two scalars.
enum RegexAssertion: Sendable {
    case textStart, textEnd, lineStart, lineEnd, wordBoundary, noWordBoundary

    func holds(between before: Unicode.Scalar?, and after: Unicode.Scalar?) -> Bool {
        switch self {
        case .textStart: before == nil
        case .textEnd: after == nil
        case .lineStart: before == nil || before == "\n"
        case .lineEnd: after == nil || after == "\n"
        case .wordBoundary: Self.isWord(before) != Self.isWord(after)
        case .noWordBoundary: Self.isWord(before) == Self.isWord(after)
        }
    }

    private static func isWord(_ scalar: Unicode.Scalar?) -> Bool {
        scalar.map { ScalarClass.wordScalars.contains($0) } ?? false
    }
}
