/// How names of a kind may be spelt (C §4.6).
///
/// A certain first character, then one or more of a class: one pass over the text decides.
public struct NameRule: Sendable {
    /// Whether the first character may be a digit.
    private let mayStartWithNumber: Bool
    /// Which ASCII characters may stand after the first, as bits; of others letters and digits may.
    private let allowed: UInt128

    /// A rule for names that begin with a letter and go on with letters, digits and `separators`, which are ASCII.
    ///
    /// - Parameter mayStartWithNumber: lets them begin with a digit too.
    public init(mayStartWithNumber: Bool = false, separators: String = "- _.") {
        self.mayStartWithNumber = mayStartWithNumber
        var allowed: UInt128 = 0
        for value in UInt8(0)..<128 where Unicode.Scalar(value).isLetter || Unicode.Scalar(value).isNumber {
            allowed |= 1 << UInt128(value)
        }
        for byte in separators.utf8 { allowed |= 1 << UInt128(byte) }
        self.allowed = allowed
    }

    /// Names of most objects.
    public static let name = NameRule()

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
