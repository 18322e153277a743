/// How names of a kind may be spelt (C §4.6).
///
/// dr-provision writes the rules as regular expressions with nested repetition. They say no more than: a certain first
/// character, then one or more of a class; so one pass over the text decides.
public struct NameRule: Sendable {
    /// Whether the first character may be a digit.
    private let mayStartWithNumber: Bool
    /// Which ASCII characters may stand after the first, as bits; of others letters and digits may.
    private let allowed: UInt128

    private init(mayStartWithNumber: Bool = false, separators: String = "- _.") {
        self.mayStartWithNumber = mayStartWithNumber
        var allowed: UInt128 = 0
        for value in UInt8(0)..<128 where Unicode.Scalar(value).isLetter || Unicode.Scalar(value).isNumber {
            allowed |= 1 << UInt128(value)
        }
        for byte in separators.utf8 { allowed |= 1 << UInt128(byte) }
        self.allowed = allowed
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
        var scalars = text.unicodeScalars.makeIterator()
        guard let first = scalars.next(), first.isLetter || mayStartWithNumber && first.isNumber else { return false }
        guard var scalar = scalars.next() else { return false }
        while true {
            let isAllowed = allowed >> UInt128(scalar.value) & 1 == 1
            guard isAllowed || !scalar.isASCII && (scalar.isLetter || scalar.isNumber) else { return false }
            guard let next = scalars.next() else { return true }
            scalar = next
        }
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
