import Basics
import JSON

/// The path to a part of a variable: its name, and legs into its value (F §6).
public struct VariablePath: Sendable {
    /// One step into a value.
    enum Leg: Sendable {
        /// The member of that name.
        case member(Identifier)
        /// All members.
        case anyMember
        /// The element of that number.
        case element(Int)
        /// All elements.
        case anyElement
    }

    /// The variable's name.
    public let name: String
    let legs: [Leg]

    /// Whether the path may lead to several parts.
    var isWild: Bool {
        legs.contains { leg in
            switch leg {
            case .anyMember, .anyElement: true
            case .member, .element: false
            }
        }
    }

    /// The path that `text` spells; nil if it is none.
    public init?(_ text: some StringProtocol) {
        var reader = VariablePathReader(text)
        guard let name = reader.first() else { return nil }
        var legs: [Leg] = []
        while true {
            while reader.skip("[") {
                guard let leg = reader.index() else { return nil }
                legs.append(leg)
            }
            if reader.isAtEnd { break }
            guard reader.skip("."), let leg = reader.leg() else { return nil }
            legs.append(leg)
        }
        (self.name, self.legs) = (name, legs)
    }

    /// The parts of a value that the path leads to: one, or for a path with a `*` all in an array; nil for none.
    func part(of value: JSONValue) -> JSONValue? {
        var hits = [value]
        for leg in legs { hits = hits.flatMap { Self.parts(leg, of: $0) } }
        if hits.isEmpty { return nil }
        return isWild ? .array(hits) : hits[0]
    }

    private static func parts(_ leg: Leg, of value: JSONValue) -> [JSONValue] {
        switch (leg, value) {
        case (.member(let name), .object(let members)): members[name.text].map { [$0] } ?? []
        case (.anyMember, .object(let members)): members.values
        case (.element(let number), .array(let elements)):
            elements.indices.contains(number) ? [elements[number]] : []
        case (.anyElement, .array(let elements)): elements
        // A value that is no array counts as an array of itself.
        case (.element(0), _): [value]
        default: []
        }
    }
}

/// Reads the words and signs of a path. Blanks between them make no difference.
private struct VariablePathReader {
    private var rest: ArraySlice<UInt8>

    init(_ text: some StringProtocol) { rest = Array(text.utf8)[...] }

    var isAtEnd: Bool {
        mutating get {
            skipBlanks()
            return rest.isEmpty
        }
    }

    mutating func skip(_ sign: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard rest.first == UInt8(ascii: sign) else { return false }
        rest.removeFirst()
        return true
    }

    /// The variable's name: a word, a text in either kind of quotes, or `*`, which is a name like others here.
    mutating func first() -> String? {
        if skip("*") { return "*" }
        if let quoted = quoted("\"") ?? quoted("'") { return quoted }
        return word {
            $0.isASCIILetter || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "@")
        } others: {
            $0.isASCIILetter || $0.isASCIIDigit || "_@-".utf8.contains($0)
        }
    }

    /// What follows a point.
    mutating func leg() -> VariablePath.Leg? {
        if skip("*") { return .anyMember }
        if let quoted = quoted("\"") { return .member(Identifier(quoted)) }
        let name = word {
            $0.isASCIILetter || $0 == UInt8(ascii: "_")
        } others: {
            $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "_")
        }
        return name.map { .member(Identifier($0)) }
    }

    /// What follows a bracket, with the one that closes it.
    mutating func index() -> VariablePath.Leg? {
        if skip("*") { return skip("]") ? .anyElement : nil }
        let digits = word(first: \.isASCIIDigit, others: \.isASCIIDigit)
        guard let number = digits.flatMap({ Int($0) }), skip("]") else { return nil }
        return .element(number)
    }

    private mutating func word(first: (UInt8) -> Bool, others: (UInt8) -> Bool) -> String? {
        skipBlanks()
        guard let start = rest.first, first(start) else { return nil }
        let word = rest.prefix(while: others)
        rest = rest.dropFirst(word.count)
        return String(decoding: word, as: UTF8.self)
    }

    /// A text between two of `mark`; it has no other inside.
    private mutating func quoted(_ mark: Unicode.Scalar) -> String? {
        skipBlanks()
        let mark = UInt8(ascii: mark)
        guard rest.first == mark, let end = rest.dropFirst().firstIndex(of: mark) else { return nil }
        let text = rest[rest.startIndex + 1..<end]
        rest = rest[(end + 1)...]
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func skipBlanks() { rest = rest.drop { " \t\n\r".utf8.contains($0) } }
}
