/// How names of a kind may be spelt (C §4.6).
///
/// dr-provision writes the rules as regular expressions with nested repetition. They say no more than: a certain first
/// character, then one or more of a class; so one pass over the text decides.
public struct NameRule: Sendable {
    /// Whether the first character may be a digit.
    private let mayStartWithNumber: Bool
    /// What may stand after the first character beside letters and digits.
    private let separators: Set<Unicode.Scalar>

    private init(mayStartWithNumber: Bool = false, separators: String = "- _.") {
        self.mayStartWithNumber = mayStartWithNumber
        self.separators = Set(separators.unicodeScalars)
    }

    /// Names of stages, tasks, profiles and most other types.
    public static let name = NameRule()
    /// Names of users: also `@`.
    public static let user = NameRule(separators: "- _.@")
    /// Names of params and keys of `Params`: also `/`.
    public static let param = NameRule(separators: "- _./")
    /// Names of machines and ids of templates, which may start with a digit.
    public static let machine = NameRule(mayStartWithNumber: true)
    /// Ids of endpoints: as of machines, and `:`, since many are hardware addresses.
    public static let endpoint = NameRule(mayStartWithNumber: true, separators: "- _.:")

    /// Whether `text` follows the rule; at least two characters, in time proportional to its length.
    public func allows(_ text: String) -> Bool {
        var scalars = text.unicodeScalars[...]
        guard let first = scalars.popFirst(), first.isLetter || mayStartWithNumber && first.isNumber else {
            return false
        }
        return !scalars.isEmpty && scalars.allSatisfy { $0.isLetter || $0.isNumber || separators.contains($0) }
    }
}

extension Unicode.Scalar {
    /// Any letter, `\pL`. Nearly all are ASCII, which needs no look into the tables of Unicode.
    fileprivate var isLetter: Bool {
        if isASCII { return "a"..."z" ~= self || "A"..."Z" ~= self }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return true
        default: return false
        }
    }

    /// Any number, `\pN`.
    fileprivate var isNumber: Bool {
        if isASCII { return "0"..."9" ~= self }
        switch properties.generalCategory {
        case .decimalNumber, .letterNumber, .otherNumber: return true
        default: return false
        }
    }
}
