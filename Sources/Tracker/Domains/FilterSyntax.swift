public import Basics
import JSON

/// How a domain's clients spell what they ask of lists: the names of arguments and operators (C §7.2).
///
/// An argument is a field or index and a value. The value is plain, which asks for equality, or an operator with arguments in
/// parentheses, separated by commas.
public struct FilterSyntax: Sendable {
    /// What can be asked of a value.
    public enum Operator: Sendable, Hashable {
        /// Equality, which plain values ask for too.
        case equal
        /// Another value; of a list, that it lacks one of several.
        case notEqual
        /// Comparisons in the order of the values' kind.
        case less, lessOrEqual, greater, greaterOrEqual
        /// A value from the first argument to the second, both included; or one outside.
        case between, except
        /// One of the arguments; or none.
        case among, notAmong
        /// A match of a regular expression.
        case matching
    }

    /// The names of the arguments that choose order and page.
    public struct Page: Sendable {
        /// How many rows to give, and how many to skip.
        public let (limit, offset): (String, String)
        /// What to sort by, and whether the last row comes first.
        public let (sort, reverse): (String, String)

        /// Arguments of these names.
        public init(limit: String, offset: String, sort: String, reverse: String) {
            (self.limit, self.offset, self.sort, self.reverse) = (limit, offset, sort, reverse)
        }
    }

    /// The operators, by name.
    public let operators: [Identifier: Operator]
    /// The arguments that choose order and page.
    public let page: Page
    /// Other arguments that are no filters, in exactly this case.
    public let reserved: Set<Identifier>

    /// A syntax; without arguments it has filters by equality only.
    public init(
        operators: [Identifier: Operator] = [:],
        page: Page = Page(limit: "limit", offset: "offset", sort: "sort", reverse: "reverse"),
        reserved: Set<Identifier> = []
    ) {
        self.operators = operators
        self.page = page
        self.reserved = reserved
    }
}

/// An operator and its arguments, as a client spells them.
struct OperatorCall {
    /// What is asked.
    let function: FilterSyntax.Operator
    /// The operator's name, for refusals.
    let name: String
    let argument: String

    /// The call that `text` spells, or nil if it spells none and so is a plain value.
    init?(_ text: String, _ syntax: FilterSyntax) {
        guard text.utf8.last == UInt8(ascii: ")"), let open = text.firstByteIndex(of: "(") else { return nil }
        guard let function = syntax.operators[Identifier(text[..<open])] else { return nil }
        self.function = function
        name = String(text[..<open])
        argument = String(Substring(text.utf8[open...].dropFirst().dropLast()))
    }

    /// The arguments between commas.
    var parts: [String] { argument.parts(between: ",").map(String.init) }
}
